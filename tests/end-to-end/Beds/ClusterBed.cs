using System.Globalization;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>Two relays that share a Redis. The connector is on the first, callers come to the second.</summary>
internal sealed class ClusterBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private ClusterBed(TemporaryFolder folder, RedisProcess redis, RelayProcess first, TcpLink address, TunnelBed tunnel)
    {
        (_folder, Redis, First, Address, Tunnel) = (folder, redis, first, address, tunnel);
    }

    public RedisProcess Redis { get; }

    public RelayProcess First { get; }

    public RelayProcess Second => Tunnel.Relay;

    /// <summary>Where the second relay calls the first.</summary>
    public int FirstNodePort { get; private init; }

    /// <summary>The one address of both, where the connector dials; it leads to the first.</summary>
    public TcpLink Address { get; }

    /// <summary>The connector, and callers at the second relay.</summary>
    public TunnelBed Tunnel { get; }

    public static Task<ClusterBed> StartAsync(Uri origin, CancellationToken cancellationToken, params string[] connectorArguments) =>
        StartAsync(origin, relayArguments: [], connectorArguments, cancellationToken);

    public static async Task<ClusterBed> StartAsync(
        Uri origin,
        IReadOnlyList<string> relayArguments,
        string[] connectorArguments,
        CancellationToken cancellationToken
    )
    {
        var folder = new TemporaryFolder();
        var key = Path.Combine(folder.Path, "key");
        await File.WriteAllTextAsync(key, Guid.NewGuid().ToString(), cancellationToken);
        var redis = await RedisProcess.StartAsync(cancellationToken);
        await redis.SettleAsync(cancellationToken);
        var nodePort = FreePort.Next();
        var first = await StartNodeAsync(redis, key, nodePort, relayArguments, cancellationToken);
        var second = await StartNodeAsync(redis, key, FreePort.Next(), relayArguments, cancellationToken);
        var address = TcpLink.To(first.Port);
        var connector = await ConnectorProcess.StartAsync(
            first,
            origin.GetLeftPart(UriPartial.Authority),
            cancellationToken,
            through: address,
            extraArguments: connectorArguments
        );
        return new ClusterBed(folder, redis, first, address, TunnelBed.Of(second, connector)) { FirstNodePort = nodePort };
    }

    /// <summary>One more relay on the same Redis with the same key. It is the caller's.</summary>
    public Task<RelayProcess> StartThirdAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        StartNodeAsync(Redis, Path.Combine(_folder.Path, "key"), FreePort.Next(), arguments, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Tunnel.DisposeAsync();
        await Address.DisposeAsync();
        await First.DisposeAsync();
        await Redis.DisposeAsync();
        _folder.Dispose();
    }

    private static Task<RelayProcess> StartNodeAsync(
        RedisProcess redis,
        string key,
        int nodePort,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    ) =>
        RelayProcess.StartAsync(
            cancellationToken,
            [
                "--redis",
                redis.Url,
                "--cluster-listen",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(arguments.Contains("--cluster-tls-ca", StringComparer.Ordinal) ? "https" : "http")}://127.0.0.1:{nodePort}"
                ),
                "--cluster-key-file",
                key,
                .. arguments,
            ]
        );
}
