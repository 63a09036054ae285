using System.Net.WebSockets;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Http;

/// <summary>A caller's WebSocket runs through the tunnel as it would without.</summary>
public abstract class WebSocketTests : IAsyncLifetime
{
    private WebSocketEchoOrigin _origin = null!;
    private TunnelBed _bed = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _origin = await WebSocketEchoOrigin.StartAsync(Cancellation);
        _bed = await StartBedAsync(_origin.BaseAddress, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await StopBedAsync(_bed);
        await _origin.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Messages_KeepTypeBoundariesAndOrder()
    {
        using var webSocket = await ConnectAsync();
        var binary = new byte[300_000];
        new Random(2).NextBytes(binary);

        await webSocket.SendAsync(Encoding.UTF8.GetBytes("héllo"), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        await webSocket.SendAsync(binary, WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        await webSocket.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Text, endOfMessage: true, Cancellation);

        await AssertReceivedAsync(webSocket, WebSocketMessageType.Text, Encoding.UTF8.GetBytes("héllo"));
        await AssertReceivedAsync(webSocket, WebSocketMessageType.Binary, binary);
        await AssertReceivedAsync(webSocket, WebSocketMessageType.Text, []);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Handshake_CarriesTargetSubprotocolAndHeaders()
    {
        using var webSocket = await ConnectAsync("/hmr%2Fx?token=1", "vite-hmr");

        var handshake = Assert.Single(_origin.Handshakes);
        Assert.Equal("vite-hmr", webSocket.SubProtocol);
        Assert.Equal("/hmr%2Fx?token=1", handshake.Target);
        Assert.Equal(FormattableString.Invariant($"127.0.0.1:{_origin.Port}"), handshake.Headers["Host"]);
        Assert.Equal("here", handshake.Headers["X-Test"]);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Close_CarriesCodeAndReason()
    {
        using var webSocket = await ConnectAsync();

        await webSocket.CloseAsync((WebSocketCloseStatus)4001, "enough", Cancellation);

        Assert.Equal(4001, (int?)webSocket.CloseStatus);
        Assert.Equal("enough", webSocket.CloseStatusDescription);
        await _origin.OpenSockets.WhenAsync(count => count == 0, Cancellation);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallerVanishes_TheServersSideEnds()
    {
        var webSocket = await ConnectAsync();
        await webSocket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        await ReceiveAsync(webSocket);

        webSocket.Abort();

        await _origin.OpenSockets.WhenAsync(count => count == 0, Cancellation);
    }

    internal abstract Task<TunnelBed> StartBedAsync(Uri origin, CancellationToken cancellationToken);

    internal abstract ValueTask StopBedAsync(TunnelBed bed);

    private static async Task AssertReceivedAsync(ClientWebSocket webSocket, WebSocketMessageType type, byte[] content)
    {
        var received = await ReceiveAsync(webSocket);

        Assert.Equal(type, received.Type);
        Assert.Equal(content, received.Content);
    }

    private static async Task<(WebSocketMessageType Type, byte[] Content)> ReceiveAsync(ClientWebSocket webSocket)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await webSocket.ReceiveAsync(buffer.AsMemory(), Cancellation);
            content.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return (received.MessageType, content.ToArray());
            }
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(string target = "/", string? subprotocol = null)
    {
        var webSocket = new ClientWebSocket();
        webSocket.Options.SetRequestHeader("X-Test", "here");
        if (subprotocol is not null)
        {
            webSocket.Options.AddSubProtocol(subprotocol);
        }

        var uri = new Uri($"ws://{_bed.Host}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var invoker = TunnelBed.NewInvoker(_bed.Relay.Port);
        await webSocket.ConnectAsync(uri, invoker, Cancellation);
        return webSocket;
    }
}

public sealed class WebSocketsThroughATunnelTests : WebSocketTests
{
    internal override Task<TunnelBed> StartBedAsync(Uri origin, CancellationToken cancellationToken) =>
        TunnelBed.StartAsync(origin, cancellationToken);

    internal override ValueTask StopBedAsync(TunnelBed bed) => bed.DisposeAsync();
}

[Trait("needs", "redis")]
public sealed class WebSocketsThroughAnotherNodeTests : WebSocketTests
{
    private ClusterBed _cluster = null!;

    internal override async Task<TunnelBed> StartBedAsync(Uri origin, CancellationToken cancellationToken)
    {
        _cluster = await ClusterBed.StartAsync(origin, cancellationToken);
        return _cluster.Tunnel;
    }

    internal override ValueTask StopBedAsync(TunnelBed bed) => _cluster.DisposeAsync();
}
