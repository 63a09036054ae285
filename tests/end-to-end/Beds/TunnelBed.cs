using System.Net;
using System.Net.Sockets;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>A relay, and a connector in front of some origin: the whole way that a request takes.</summary>
internal sealed class TunnelBed : IAsyncDisposable
{
    private TunnelBed(RelayProcess relay, ConnectorProcess connector, TcpLink? link = null)
    {
        Relay = relay;
        Connector = connector;
        Link = link;
        Http = NewClient();
    }

    public RelayProcess Relay { get; }

    public ConnectorProcess Connector { get; }

    /// <summary>The network between connector and relay, where a test wants to hurt it.</summary>
    public TcpLink? Link { get; }

    /// <summary>A caller that resolves every name to loopback, as a browser does for <c>*.localhost</c>.</summary>
    public HttpClient Http { get; }

    public Uri Url => Connector.Url;

    /// <summary>The public authority, for raw requests.</summary>
    public string Host => Url.Authority;

    public static async Task<TunnelBed> StartAsync(Uri origin, CancellationToken cancellationToken, params string[] connectorArguments)
    {
        var relay = await RelayProcess.StartAsync(cancellationToken);
        var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.GetLeftPart(UriPartial.Authority),
            cancellationToken,
            extraArguments: connectorArguments
        );
        return new TunnelBed(relay, connector);
    }

    /// <summary>A connector, and a relay that callers come to; both are this bed's from now on.</summary>
    public static TunnelBed Of(RelayProcess relay, ConnectorProcess connector) => new(relay, connector);

    public static async Task<TunnelBed> StartThroughLinkAsync(Uri origin, CancellationToken cancellationToken)
    {
        var relay = await RelayProcess.StartAsync(cancellationToken);
        var link = TcpLink.To(relay.Port);
        var mcp = origin.GetLeftPart(UriPartial.Authority);
        return new TunnelBed(relay, await ConnectorProcess.StartAsync(relay, mcp, cancellationToken, through: link), link);
    }

    /// <summary>Connections to loopback, whatever the name.</summary>
    public static HttpMessageInvoker NewInvoker(int port) => new(NewHandler(port));

    public static HttpClient NewClient(int port) => new(NewHandler(port)) { Timeout = Timeout.InfiniteTimeSpan };

    public HttpClient NewClient() => NewClient(Relay.Port);

    public Task<RawHttpClient> ConnectRawAsync(CancellationToken cancellationToken) =>
        RawHttpClient.ConnectAsync("127.0.0.1", Relay.Port, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Connector.DisposeAsync();
        if (Link is not null)
        {
            await Link.DisposeAsync();
        }

        await Relay.DisposeAsync();
    }

    private static SocketsHttpHandler NewHandler(int port) =>
        new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = (_, cancellationToken) => ConnectAsync(port, cancellationToken),
        };

    private static async ValueTask<Stream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
