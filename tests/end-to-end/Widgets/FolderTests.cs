using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>Files of <c>--widgets FOLDER</c>, through the tunnel.</summary>
public sealed class FolderTests(FolderBed bed) : IClassFixture<FolderBed>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("a.js", "text/javascript; charset=utf-8")]
    [InlineData("a.mjs", "text/javascript; charset=utf-8")]
    [InlineData("a.css", "text/css; charset=utf-8")]
    [InlineData("a.wasm", "application/wasm")]
    [InlineData("a.json", "application/json")]
    [InlineData("a.js.map", "application/json")]
    [InlineData("a.webmanifest", "application/manifest+json")]
    [InlineData("a.woff2", "font/woff2")]
    [InlineData("a.svg", "image/svg+xml")]
    [InlineData("a.avif", "image/avif")]
    [InlineData("a.webp", "image/webp")]
    [InlineData("a.ts", "application/octet-stream")]
    [InlineData("LICENSE", "application/octet-stream")]
    public async Task File_HasItsTypeAndMayBeLoadedByAnyOrigin(string name, string type)
    {
        bed.Put("types/" + name, "content");

        var response = await bed.GetAsync("/types/" + name, Cancellation);

        Assert.Equal((200, type), (response.StatusCode, response.Header("Content-Type")));
        Assert.Equal("content", response.Body);
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
        Assert.Equal("no-cache", response.Header("Cache-Control"));
        Assert.Equal(["*"], response.Headers("Access-Control-Allow-Origin"));
        Assert.Equal("cross-origin", response.Header("Cross-Origin-Resource-Policy"));
        Assert.Null(response.Header("Access-Control-Allow-Credentials"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Edit_ShowsUpAtOnceEvenWithinASecond()
    {
        var path = bed.Put("edit.js", "let a = 1;");
        var time = new DateTime(2026, 1, 1, 12, 0, 0, 100, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, time);
        var first = await bed.GetAsync("/edit.js", Cancellation);
        var tag = first.Header("ETag")!;
        var unchanged = await bed.GetAsync("/edit.js", Cancellation, "If-None-Match: " + tag);
        bed.Put("edit.js", "let a = 2;");
        File.SetLastWriteTimeUtc(path, time.AddMilliseconds(100));

        var changed = await bed.GetAsync("/edit.js", Cancellation, "If-None-Match: " + tag);

        Assert.StartsWith("\"", tag, StringComparison.Ordinal);
        Assert.Equal(304, unchanged.StatusCode);
        Assert.Equal(tag, unchanged.Header("ETag"));
        Assert.Equal((200, "let a = 2;"), (changed.StatusCode, changed.Body));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("bytes=2-4", 206, "234")]
    [InlineData("bytes=-3", 206, "789")]
    [InlineData("bytes=20-", 416, "")]
    [InlineData("lines=1-2", 200, "0123456789")]
    public async Task Range_IsServed(string range, int status, string body)
    {
        bed.Put("range.bin", "0123456789");

        var response = await bed.GetAsync("/range.bin", Cancellation, "Range: " + range);

        Assert.Equal((status, body), (response.StatusCode, response.Body));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Folder_AnswersWithItsIndexBehindASlash()
    {
        bed.Put("sub folder/index.html", "<p>index</p>");

        var bare = await bed.GetAsync("/sub%20folder?x=1", Cancellation);
        var index = await bed.GetAsync("/sub%20folder/", Cancellation);

        Assert.Equal((307, "/sub%20folder/?x=1"), (bare.StatusCode, bare.Header("Location")));
        Assert.Equal((200, "<p>index</p>"), (index.StatusCode, index.Body));
        Assert.Equal("text/html; charset=utf-8", index.Header("Content-Type"));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/../secret")]
    [InlineData("/x/../../secret")]
    [InlineData("/%2e%2e/secret")]
    [InlineData("/..%2fsecret")]
    [InlineData("/%252e%252e/secret")]
    [InlineData("/..\\secret")]
    [InlineData("/..%5csecret")]
    [InlineData("//secret")]
    [InlineData("/x%00/secret")]
    [InlineData("/link")]
    [InlineData("/up/secret")]
    [InlineData("/.hidden/file")]
    [InlineData("/alias")]
    [InlineData("/no-index/")]
    public async Task WayOut_IsClosed(string target)
    {
        bed.Put("x/y", "y");
        bed.Put(".hidden/file", FolderBed.Secret);
        bed.Put("no-index/other.html", FolderBed.Secret);
        Link("link", "../secret");
        Link("up", "..");
        Link("alias", ".hidden/file");

        var response = await bed.GetAsync(target, Cancellation);

        Assert.InRange(response.StatusCode, 400, 404);
        Assert.DoesNotContain(FolderBed.Secret, response.Body, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LinkWithinTheFolder_IsFollowed()
    {
        bed.Put("versions/2/app.js", "two");
        Link("current", "versions/2");

        Assert.Equal("two", (await bed.GetAsync("/current/app.js", Cancellation)).Body);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task OtherMethods_Get405(string method)
    {
        bed.Put("a.txt", "x");

        var response = await bed.AskAsync($"{method} /a.txt HTTP/1.1\r\nHost: {{host}}\r\nContent-Length: 0\r\n\r\n", Cancellation);

        Assert.Equal((405, "E6202"), (response.StatusCode, response.Header("mcpr-error")));
        Assert.Equal("GET, HEAD, OPTIONS", response.Header("Allow"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Page_LeadsToThePublicOriginWithATagOfItsOwn()
    {
        bed.Put("page/index.html", "<script src=\"../a.js\"></script>");

        var page = await bed.GetAsync("/page/", Cancellation);
        var again = await bed.GetAsync("/page/", Cancellation, "If-None-Match: " + page.Header("ETag"));
        var head = await bed.AskAsync("HEAD /page/ HTTP/1.1\r\nHost: {host}\r\n\r\n", Cancellation);

        Assert.Equal($"<script src=\"http://{bed.Tunnel.Host}/a.js\"></script>", page.Body);
        Assert.StartsWith("W/\"", page.Header("ETag"), StringComparison.Ordinal);
        Assert.Equal(304, again.StatusCode);
        Assert.Equal((200, page.Header("ETag")), (head.StatusCode, head.Header("ETag")));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BigFile_ArrivesWhole()
    {
        var content = new byte[20_000_000];
        new Random(7).NextBytes(content);
        await File.WriteAllBytesAsync(bed.Put("big.bin", string.Empty), content, Cancellation);

        Assert.Equal(content, await bed.Tunnel.Http.GetByteArrayAsync(new Uri(bed.Tunnel.Url, "/big.bin"), Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LocalPort_LetsSandboxesLoadAndNobodyCall()
    {
        const string claude = "Origin: https://0123456789abcdef0123456789abcdef.claudemcpcontent.com";
        bed.Put("local.js", "x");
        var said = await bed.Tunnel.Connector.Process.Error.WaitForAsync(
            line => line.Contains("listening on ", StringComparison.Ordinal),
            Cancellation
        );
        var url = new Uri(said.Split("listening on ")[1]);

        Assert.Equal(200, await StatusAsync("GET /local.js", claude));
        Assert.Equal(200, await StatusAsync("GET /local.js", "Origin: null\r\nSec-Fetch-Dest: script"));
        Assert.Equal(403, await StatusAsync("GET /local.js", "Origin: null\r\nSec-Fetch-Dest: empty"));
        Assert.Equal(403, await StatusAsync("GET /local.js", "Origin: https://evil.example"));
        Assert.Equal(403, await StatusAsync("GET /mcp", claude));
        Assert.Equal(403, await StatusAsync("GET /local.js", claude + "\r\nConnection: Upgrade\r\nUpgrade: websocket"));
        Assert.Equal(403, await StatusAsync("POST /local.js", claude + "\r\nContent-Length: 0"));

        async Task<int> StatusAsync(string line, string headers)
        {
            await using var caller = await RawHttpClient.ConnectAsync(url, Cancellation);
            await caller.SendAsync($"{line} HTTP/1.1\r\nHost: {url.Authority}\r\n{headers}\r\n\r\n", Cancellation);
            return (await caller.ReadResponseAsync(Cancellation)).StatusCode;
        }
    }

    private void Link(string name, string target)
    {
        var path = Path.Combine(bed.Folder, name);
        if (!Path.Exists(path))
        {
            File.CreateSymbolicLink(path, target);
        }
    }
}
