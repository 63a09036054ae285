using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Resilience;

/// <summary>A tunnel that is called all the while something happens to others, and shall not notice.</summary>
internal sealed class BusyTunnel : IAsyncDisposable
{
    private const int Callers = 2;
    private const int RightAnswers = 60;

    private readonly JsonRpcOrigin _origin;
    private readonly ConnectorProcess _connector;
    private readonly CheckedLoad _load;

    private BusyTunnel(JsonRpcOrigin origin, ConnectorProcess connector, int relayPort)
    {
        (_origin, _connector) = (origin, connector);
        _load = CheckedLoad.Start(() => TunnelBed.NewClient(relayPort), connector.Url, Callers);
    }

    public static async Task<BusyTunnel> StartAsync(RelayProcess relay, CancellationToken cancellationToken)
    {
        var origin = await JsonRpcOrigin.StartAsync(cancellationToken);
        var mcp = origin.BaseAddress.GetLeftPart(UriPartial.Authority);
        var connector = await ConnectorProcess.StartAsync(relay, mcp, cancellationToken);
        var busy = new BusyTunnel(origin, connector, relay.Port);
        await busy.GoOnAsync(cancellationToken);
        return busy;
    }

    /// <summary>Waits until more calls were answered.</summary>
    public Task GoOnAsync(CancellationToken cancellationToken) => _load.WhenRightAsync(RightAnswers, cancellationToken);

    /// <summary>Every call until now was answered, and rightly.</summary>
    public void AssertUnharmed()
    {
        Assert.Empty(_load.Wrong);
        Assert.Empty(_load.Refused);
        Assert.Equal(0, _load.Aborted.Value);
    }

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await _connector.DisposeAsync();
        await _origin.DisposeAsync();
    }
}
