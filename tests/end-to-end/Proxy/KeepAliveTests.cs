using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>Event streams on which the server is silent.</summary>
public sealed class KeepAliveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SilentStream_GetsCommentsUntilTheServerSpeaks()
    {
        var speak = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawHttpOrigin.Start(
            async (_, connection) =>
            {
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\n");
                await speak.Task;
                await connection.SendAsync("data: 2\n\n");
                connection.Close();
            }
        );
        await using var proxy = await LocalProxy.StartAsync(
            ["--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0"],
            Cancellation,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_LIMITS_KEEP_ALIVE"] = "50ms" }
        );
        using var client = new HttpClient();

        await using var stream = await client.GetStreamAsync(proxy.Url, Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var silent = await TakeAsync(reader, lines: 6);
        speak.SetResult();
        var rest = await reader.ReadToEndAsync(Cancellation);

        Assert.Equal(["data: 1", "", ": keep-alive", "", ": keep-alive", ""], silent);
        Assert.Equal("data: 2\n\n", rest.Replace(": keep-alive\n\n", string.Empty, StringComparison.Ordinal));
    }

    private static async Task<string[]> TakeAsync(StreamReader reader, int lines)
    {
        var taken = new string[lines];
        for (var i = 0; i < lines; i++)
        {
            taken[i] = await reader.ReadLineAsync(Cancellation) ?? "end of the stream";
        }

        return taken;
    }
}
