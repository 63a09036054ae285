using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>Servers of which callers get only a part, under other names.</summary>
public sealed class OffersTests
{
    private const string Rules = "\n[tools]\ndeny = ['broken', 'rm']\nrename = ['* -> w_*']\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SdkClient_SeesAndCallsWhatIsForIt()
    {
        await using var server = ChildProcess.Start(Programs.WeatherServer, ["--port", "0"]);
        var mcp = new Uri(await server.Output.WaitForAsync(_ => true, Cancellation));
        using var folder = new TemporaryFolder();
        await using var proxy = await StartAsync(folder, mcp);
        await using var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = proxy.Url });
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: Cancellation);

        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        var weather = await client.CallToolAsync(
            "w_get_weather",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Oslo" },
            cancellationToken: Cancellation
        );
        var refused = await Assert.ThrowsAsync<McpProtocolException>(async () =>
            await client.CallToolAsync("w_broken", cancellationToken: Cancellation)
        );

        Assert.Equal(
            ["w_forecast", "w_get_weather"],
            tools.Select(tool => tool.Name).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        Assert.NotEqual(true, weather.IsError);
        Assert.Equal(McpErrorCode.InvalidParams, refused.ErrorCode);
        await proxy.Process.Error.WaitForAsync(
            line => line.Contains("w_broken", StringComparison.Ordinal) && line.Contains("E1008", StringComparison.Ordinal),
            Cancellation
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ModernCall_KeepsItsBytesAndItsHeaderFollows()
    {
        const string Sent =
            """{"jsonrpc":"2.0", "id":12345678901234567890,"method":"tools/call","params":{"arguments":{"n":1.0,"s":"ü"},"name":"w_größe","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""";
        await using var origin = RawHttpOrigin.Start(AnswerAsync);
        using var folder = new TemporaryFolder();
        await using var proxy = await StartAsync(folder, origin.BaseAddress);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, proxy.Url) { Content = Json(Sent) };
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "=?base64?" + Convert.ToBase64String(Encoding.UTF8.GetBytes("w_größe")) + "?=");
        request.Headers.Add("Mcp-Param-City", "Oslo");

        using var answer = await client.SendAsync(request, Cancellation);

        var arrived = Assert.Single(origin.Requests);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Sent.Replace("w_größe", "größe", StringComparison.Ordinal), Encoding.UTF8.GetString(arrived.Body.Span));
        Assert.Equal("=?base64?" + Convert.ToBase64String(Encoding.UTF8.GetBytes("größe")) + "?=", arrived.Header("Mcp-Name"));
        Assert.Equal(
            ("tools/call", "Oslo", "2026-07-28"),
            (arrived.Header("Mcp-Method"), arrived.Header("Mcp-Param-City"), arrived.Header("MCP-Protocol-Version"))
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WaysAroundTheRules_DoNotReachTheServer()
    {
        const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}""";
        await using var origin = RawHttpOrigin.Start(AnswerAsync);
        using var folder = new TemporaryFolder();
        await using var proxy = await StartAsync(folder, origin.BaseAddress);
        using var client = new HttpClient { BaseAddress = proxy.Url };
        var zipped = new ByteArrayContent(Zip(Call)) { Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } } };
        var padded = Call.Replace("{\"name\"", "{\"x\":\"" + new string('x', 5 << 20) + "\",\"name\"", StringComparison.Ordinal);
        (string Path, HttpContent Content)[] tries =
        [
            ("/mcp", Json(Call)),
            ("/other", Json(Call)),
            ("/mcp", new StringContent(Call, Encoding.UTF8, "text/plain")),
            ("/MCP/", new StringContent(Call, Encoding.UTF8, "text/plain")),
            ("/mcp/", zipped),
            ("/mcp", Json("\ufeff" + Call)),
            ("/mcp", Json(Call.Replace("\"name\":", "\"name\":\"w_a\",\"name\":", StringComparison.Ordinal))),
            ("/mcp", Json($"[{Call}]")),
            ("/mcp", Json(padded)),
            ("/mcp", new StringContent(Call, Encoding.Unicode, "application/json")),
        ];

        foreach (var (path, content) in tries)
        {
            using var answer = await client.PostAsync(path, content, Cancellation);
            Assert.Contains(answer.Headers.GetValues("mcpr-error").Single(), (string[])["E1008", "E1009"], StringComparer.Ordinal);
        }

        Assert.Empty(origin.Requests);
    }

    private static async Task AnswerAsync(RawRequest request, RawConnection connection)
    {
        await request.ReadBodyAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    }

    private static async Task<LocalProxy> StartAsync(TemporaryFolder folder, Uri mcp)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "mcpr.toml"), $"mcp = '{mcp}'\n{Rules}", Cancellation);
        return await LocalProxy.StartAsync(["--port", "0"], Cancellation, workingFolder: folder.Path);
    }

    private static byte[] Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return zipped.ToArray();
    }

    private static StringContent Json(string body) => new(body, MediaTypeHeaderValue.Parse("application/json"));
}
