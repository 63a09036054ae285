using System.Diagnostics;
using System.Net.Http.Headers;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Bridge;

/// <summary><c>mcpr serve</c> and <c>mcpr tunnel</c> with a program, which here is a few lines of shell.</summary>
public sealed class ServeTests
{
    private const string Script = """
        while IFS= read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9][0-9]*\).*/\1/p')
          case $line in
            *initialize\"*) result='{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"script","version":"1"}}' ;;
            *) result="[$$,1.0]" ;;
          esac
          [ -n "$id" ] && printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
        done
        """;

    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Program_IsServedWithoutSeparatorAndWithItsOwnOptions()
    {
        await using var mcpr = Start("serve", "--port", "0", "sh", "-c", Script, "--port", "-y");
        using var http = new HttpClient();

        var answer = await CallAsync(http, await UrlAsync(mcpr));

        Assert.EndsWith(",1.0]}", answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MCPRIsKilled_NoProcessIsLeft()
    {
        await using var mcpr = Start("serve", "--port", "0", "--", "sh", "-c", Script);
        using var http = new HttpClient();
        var answer = await CallAsync(http, await UrlAsync(mcpr));
        using var program = Process.GetProcessById(int.Parse(answer.Split('[')[1].Split(',')[0]));

        await mcpr.KillAsync();

        await program.WaitForExitAsync(Cancellation);
        Assert.True(program.HasExited);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MCPRStops_ProgramStopsWithIt()
    {
        await using var mcpr = Start("serve", "--port", "0", "--", "sh", "-c", Script);
        using var http = new HttpClient();
        var answer = await CallAsync(http, await UrlAsync(mcpr));
        using var program = Process.GetProcessById(int.Parse(answer.Split('[')[1].Split(',')[0]));

        mcpr.Terminate();
        await mcpr.WaitForExitAsync(Cancellation);

        await program.WaitForExitAsync(Cancellation);
        Assert.True(program.HasExited);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Program_HasAPublicUrl()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var mcpr = Start("tunnel", "--relay", relay.Address.AbsoluteUri, "--", "sh", "-c", Script);
        var url = new Uri(await mcpr.Output.WaitForAsync(_ => true, Cancellation));
        using var invoker = TunnelBed.NewInvoker(relay.Port);

        var answer = await CallAsync(invoker, url);

        Assert.EndsWith(",1.0]}", answer, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(3, "there is no program called no-such-program", "serve", "--", "no-such-program")]
    [InlineData(2, "there is no MCP server", "serve")]
    [InlineData(2, "--no-modern cannot be done here", "serve", "--noModern", "sh")]
    [InlineData(3, "is a server on the network and a program", "serve", "sh")]
    public async Task WhatCannotBeServed_IsSaidAtOnce(int exitCode, string message, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MCPR_MCP"] = exitCode == 3 && arguments[^1] == "sh" ? "9000" : null,
        };
        using var folder = new TemporaryFolder();
        await using var mcpr = LocalProxy.Launch(arguments, folder.Path, environment);

        Assert.Equal(exitCode, await mcpr.WaitForExitAsync(Cancellation));
        Assert.Contains(mcpr.Error.Lines, line => line.Contains(message, StringComparison.Ordinal));
    }

    private static ChildProcess Start(params string[] arguments) =>
        ChildProcess.Start(
            Programs.Connector,
            arguments,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["XDG_CONFIG_HOME"] = Path.GetTempPath(),
                ["XDG_STATE_HOME"] = Path.GetTempPath(),
            },
            Path.GetTempPath()
        );

    private static async Task<Uri> UrlAsync(ChildProcess mcpr) => new(await mcpr.Output.WaitForAsync(_ => true, Cancellation));

    /// <returns>The data of the last event of the answer to a call in a new session.</returns>
    private static async Task<string> CallAsync(HttpMessageInvoker http, Uri url)
    {
        using var begun = await PostAsync(http, url, Initialize, session: null);
        var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        using var called = await PostAsync(http, url, """{"jsonrpc":"2.0","id":1,"method":"x"}""", session);
        var text = await called.Content.ReadAsStringAsync(Cancellation);
        return text.TrimEnd().Split("data: ")[^1];
    }

    private static Task<HttpResponseMessage> PostAsync(HttpMessageInvoker http, Uri url, string body, string? session)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return http.SendAsync(request, Cancellation);
    }
}
