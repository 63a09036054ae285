using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Telemetry;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Network;

/// <summary>Limits by address need somebody with an address that is not this machine's own.</summary>
[Trait("needs", "netns")]
public sealed class ConnectionFloodTests
{
    private const int Most = 50;
    private const int TooMany = 150;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectionsThatSayNothing_AreLimitedByAddressAndCounted()
    {
        await using var bed = await NetworkBed<JsonRpcOrigin>.StartAsync(
            () => JsonRpcOrigin.StartAsync(Cancellation),
            server => server.Port,
            Cancellation,
            "--admin",
            "0",
            "--max-connections-per-address",
            Most.ToString(CultureInfo.InvariantCulture)
        );
        var admin = await AdminPort.OfAsync(bed.Tunnel.Relay.Process);

        // The connector is at the same address, but its connections have logged in and count no more.
        var flood = await bed.Space.RunAsync(() => Enumerable.Range(0, Most + TooMany).Select(_ => Connect(bed.Relay)).ToArray());
        var ended = new CountSignal();
        var reading = Task.WhenAll(flood.Select(socket => ReadAsync(socket, ended)));
        await ended.WhenAsync(count => count == TooMany, Cancellation);
        var metrics = await admin.GetAsync("/metrics");
        using var call = new StringContent(Calls.Echo("1", "x"), Encoding.UTF8, "application/json");
        using var answer = await bed.Tunnel.Http.PostAsync(bed.Tunnel.Url, call, Cancellation);

        Assert.Contains($"mcpr_relay_connections_refused_total {TooMany}\n", metrics.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(TooMany, ended.Value);
        Array.ForEach(flood, socket => socket.Dispose());
        await reading;
    }

    private static Socket Connect(IPEndPoint relay)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(relay);
        }
        catch (SocketException)
        {
            // Accepted and reset before we noticed the first; reading says the same.
        }

        return socket;
    }

    private static async Task ReadAsync(Socket socket, CountSignal ended)
    {
        try
        {
            await socket.ReceiveAsync(new byte[1], Cancellation);
        }
        catch (SocketException)
        {
            // Reset by the relay, or closed by us.
        }

        ended.Increment();
    }
}
