using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Clients;

/// <summary>
/// The official TypeScript clients get a token and call a tool: discovery, registration, PKCE, a login page, token, call. They refuse a
/// resource or an issuer by another name, and so does the server.
/// </summary>
[Trait("needs", "node")]
public sealed class OAuthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task ServerThatIssuesItsTokens_IsKnownByItsPublicNameAndHearsItsOwn(string sdk)
    {
        await using var server = StartServer();
        var mcp = new Uri(await server.Output.WaitForAsync(_ => true, Cancellation));
        await using var bed = await TunnelBed.StartAsync(mcp, Cancellation);

        using var done = await AuthorizeAsync(sdk, bed.Url);

        var origin = bed.Url.GetLeftPart(UriPartial.Authority);
        Assert.Equal(mcp.AbsoluteUri, Text(done, "resource"));
        Assert.Equal(origin + "/", Text(done, "iss"));
        Assert.Equal([$"{origin}/authorize", $"{origin}/login"], Texts(done, "pages"), StringComparer.Ordinal);
        Assert.All(Texts(done, "asked"), url => Assert.StartsWith(origin + "/", url, StringComparison.Ordinal));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("--mcp", "", "/")]
    [InlineData("--server", "files=", "/files/")]
    public async Task LocalPort_IsKnownByItsNameAndThatOfTheServer(string option, string name, string issuer)
    {
        await using var server = StartServer();
        var mcp = new Uri(await server.Output.WaitForAsync(_ => true, Cancellation));
        await using var proxy = await LocalProxy.StartAsync([option, name + mcp.AbsoluteUri, "--port", "0"], Cancellation);

        using var done = await AuthorizeAsync("v2", proxy.Url);

        Assert.Equal(mcp.AbsoluteUri, Text(done, "resource"));
        Assert.Equal(proxy.Url.GetLeftPart(UriPartial.Authority) + issuer, Text(done, "iss"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PagesOfTheServer_AreItsOwnAlsoBesideWidgets()
    {
        await using var server = StartServer();
        var mcp = new Uri(await server.Output.WaitForAsync(_ => true, Cancellation));
        using var widgets = new TemporaryFolder();
        await using var proxy = await LocalProxy.StartAsync(
            ["--mcp", mcp.AbsoluteUri, "--widgets", widgets.Path, "--port", "0"],
            Cancellation
        );

        using var done = await AuthorizeAsync("v2", proxy.Url);

        Assert.Equal(mcp.AbsoluteUri, Text(done, "resource"));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task IssuerElsewhere_IsLeftAloneAndIssuesForThePublicName(string sdk)
    {
        await using var issuer = StartServer("--for-all");
        var issuerOrigin = new Uri(await issuer.Output.WaitForAsync(_ => true, Cancellation)).GetLeftPart(UriPartial.Authority);
        await using var server = StartServer("--authorization-server", issuerOrigin + "/");
        var mcp = new Uri(await server.Output.WaitForAsync(_ => true, Cancellation));
        await using var bed = await TunnelBed.StartAsync(mcp, Cancellation);

        using var done = await AuthorizeAsync(sdk, bed.Url);

        Assert.Equal(bed.Url.AbsoluteUri, Text(done, "resource"));
        Assert.Equal(issuerOrigin + "/", Text(done, "iss"));
        Assert.Equal([$"{issuerOrigin}/authorize", $"{issuerOrigin}/login"], Texts(done, "pages"), StringComparer.Ordinal);
    }

    private static ChildProcess StartServer(params string[] arguments) =>
        ChildProcess.Start(Repository.Tests("node"), [Repository.Tests("oauth", "main.js"), .. arguments]);

    private static async Task<JsonDocument> AuthorizeAsync(string sdk, Uri url)
    {
        await using var client = ChildProcess.Start(
            Repository.Tests("node"),
            [Repository.Tests("oauth", "client.js"), sdk, url.AbsoluteUri],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                // Node asks the system's resolver, which does not know *.localhost everywhere (RFC 6761 section 6.3).
                ["NODE_OPTIONS"] = $"--require {Repository.Tests("conformance", "resolve-localhost-names.cjs")}",
            }
        );
        var exitCode = await client.WaitForExitAsync(Cancellation);

        Assert.True(exitCode == 0, $"the client exited with {exitCode}: {string.Join('\n', client.Error.Lines)}");
        return JsonDocument.Parse(string.Concat(client.Output.Lines));
    }

    private static string Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString()!;

    private static IEnumerable<string> Texts(JsonDocument document, string name) =>
        document.RootElement.GetProperty(name).EnumerateArray().Select(item => item.GetString()!);
}
