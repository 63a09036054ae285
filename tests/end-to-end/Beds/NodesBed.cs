using System.Globalization;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>Relays that share a Redis, each with an address of its own for connectors, so that connectors go to two of them.</summary>
internal sealed class NodesBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<RelayProcess> _nodes = [];
    private readonly List<TcpLink> _links = [];
    private TcpLink? _address;
    private RedisProcess? _redis;

    private NodesBed() { }

    public IReadOnlyList<RelayProcess> Nodes => _nodes;

    /// <summary>The one address of all nodes. It leads to the last, which knows the others from its start.</summary>
    public TcpLink Address => _address!;

    public static async Task<NodesBed> StartAsync(int nodes, CancellationToken cancellationToken, params string[] relayArguments)
    {
        var bed = new NodesBed();
        try
        {
            await bed.RunAsync(nodes, relayArguments, cancellationToken);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connector that is at two nodes.</summary>
    public async Task<ConnectorProcess> ConnectAsync(
        Uri origin,
        CancellationToken cancellationToken,
        string? configFolder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        params string[] arguments
    )
    {
        var from = _nodes.ConvertAll(node => node.Process.Error.Lines.Count);
        var connector = await ConnectorProcess.StartAsync(
            _nodes[^1],
            origin.GetLeftPart(UriPartial.Authority),
            cancellationToken,
            configFolder,
            environment,
            through: Address,
            extraArguments: arguments
        );
        var up = _nodes.Zip(from, (node, line) => WhenUpAsync(node, cancellationToken, line)).ToList();
        for (var relays = 0; relays < 2; relays++)
        {
            var next = await Task.WhenAny(up);
            await next;
            up.Remove(next);
        }

        return connector;
    }

    /// <summary>Waits until a node uses the connections of a connector.</summary>
    public static Task WhenUpAsync(RelayProcess node, CancellationToken cancellationToken, int from = 0) =>
        node.Process.Error.WaitForAsync(line => line.Contains("data connection up", StringComparison.Ordinal), cancellationToken, from);

    /// <summary>A program of the relay on what the nodes share.</summary>
    public Task<Outcome> RunAsync(params string[] arguments) =>
        Outcome.OfAsync(ChildProcess.Start(Programs.Relay, [.. arguments, "--redis", _redis!.Url]));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var link in _links)
        {
            await link.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task RunAsync(int nodes, string[] relayArguments, CancellationToken cancellationToken)
    {
        var key = Path.Combine(_folder.Path, "key");
        await File.WriteAllTextAsync(key, Guid.NewGuid().ToString(), cancellationToken);
        _redis = await RedisProcess.StartAsync(cancellationToken);
        await _redis.SettleAsync(cancellationToken);
        _address = NewLink();
        int[] ports = [.. Enumerable.Range(0, nodes).Select(_ => FreePort.Next())];
        foreach (var port in ports)
        {
            // The address has to be known before there is anybody at it.
            var own = NewLink();
            var node = await RelayProcess.StartAsync(
                cancellationToken,
                [
                    .. (string[])["--redis", _redis.Url, "--cluster-key-file", key, "--node-url", $"http://127.0.0.1:{own.Port}"],
                    .. (string[])["--cluster-listen", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")],
                    .. relayArguments,
                ]
            );
            own.Target = node.Port;
            _address.Target = node.Port;
            _nodes.Add(node);
        }

        await Task.WhenAll(
            from met in _nodes.Zip(ports)
            from port in ports
            where port != met.Second
            select met.First.Process.Error.WaitForAsync(
                line => line.Contains("[1405]", StringComparison.Ordinal) && line.EndsWith($":{port}", StringComparison.Ordinal),
                cancellationToken
            )
        );
    }

    private TcpLink NewLink()
    {
        var link = TcpLink.To(0);
        _links.Add(link);
        return link;
    }
}
