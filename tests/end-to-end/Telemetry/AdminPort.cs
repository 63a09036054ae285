using System.Net;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Telemetry;

/// <summary>The port for operators of a connector or a relay, as a scraper sees it.</summary>
internal sealed record AdminPort(int Number)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // mcpr: metrics and health on http://127.0.0.1:41231
    public static async Task<AdminPort> OfAsync(ChildProcess process)
    {
        var line = await process.Error.WaitForAsync(
            line => line.Contains("metrics and health on ", StringComparison.Ordinal),
            Cancellation
        );
        return new AdminPort(new Uri(line.Split(' ')[^1]).Port);
    }

    public Task<(int Status, string Text)> GetAsync(string path) => AskAsync($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{Number}\r\n\r\n");

    public async Task<(int Status, string Text)> AskAsync(string request)
    {
        await using var caller = await RawHttpClient.ConnectAsync(IPAddress.Loopback.ToString(), Number, Cancellation);
        await caller.SendAsync(request, Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, request.Split(' ')[0]);
        return (response.StatusCode, Calls.Text(await response.ReadBodyAsync(Cancellation)));
    }
}
