using System.Globalization;
using System.Net;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Network;

/// <summary>Relay and visitors on this machine, MCP server and connector in a network of their own, and one wire between the two.</summary>
internal sealed class NetworkBed<TServer> : IAsyncDisposable
    where TServer : IAsyncDisposable
{
    private const string Domain = "relay.test";

    private readonly Stack<IAsyncDisposable> _parts = new();

    private NetworkBed() { }

    /// <summary>The network of MCP server and connector.</summary>
    public NetworkNamespace Space { get; private set; } = null!;

    /// <summary>Where the relay is, seen from there.</summary>
    public IPEndPoint Relay { get; private set; } = null!;

    public PacketLink Link { get; private set; } = null!;

    public TServer Server { get; private set; } = default!;

    public TunnelBed Tunnel { get; private set; } = null!;

    public LineLog Connector => Tunnel.Connector.Process.Error;

    /// <summary>Skips the test where there can be no such bed.</summary>
    /// <param name="start">Starts the MCP server, on a thread that is in its network.</param>
    /// <param name="port">The server's port.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="relayArguments">More options of the relay.</param>
    public static async Task<NetworkBed<TServer>> StartAsync(
        Func<Task<TServer>> start,
        Func<TServer, int> port,
        CancellationToken cancellationToken,
        params string[] relayArguments
    )
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "network namespaces take root, on Linux");
        Assert.SkipUnless(File.Exists(TunDevice.Path), $"there is no {TunDevice.Path}");
        var bed = new NetworkBed<TServer>();
        try
        {
            // 198.18.0.0/15 is for tests of networks (RFC 2544).
            var network = string.Create(CultureInfo.InvariantCulture, $"198.18.{Random.Shared.Next(256)}");
            bed.Space = bed.Keep(await NetworkNamespace.CreateAsync($"127.0.0.1 localhost\n{network}.1 {Domain}\n", cancellationToken));
            bed.Link = bed.Keep(await PacketLink.CreateAsync(bed.Space, network, cancellationToken));
            bed.Server = bed.Keep(await await bed.Space.RunAsync(start));
            var relay = bed.Keep(await RelayProcess.StartOnEveryInterfaceAsync(Domain, cancellationToken, relayArguments));
            var mcp = port(bed.Server).ToString(CultureInfo.InvariantCulture);
            var connector = await ConnectorProcess.StartWithinAsync(bed.Space.Prefix, relay, mcp, cancellationToken);
            bed.Relay = new IPEndPoint(IPAddress.Parse($"{network}.1"), relay.Port);
            bed._parts.Pop();
            bed.Tunnel = bed.Keep(TunnelBed.Of(relay, connector));
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
