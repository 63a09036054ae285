using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Transport;

namespace Tunnel.Connector.Tunneling;

/// <summary>
/// Opens outbound WebSockets, for the control plane (as SignalR's connection factory) and the data plane alike.
/// Proxies of the environment (HTTPS_PROXY, NO_PROXY) are honoured by the platform's default proxy.
/// </summary>
internal static class WebSocketDialer
{
    /// <summary>DNS, TCP, TLS and the WebSocket handshake together.</summary>
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);

    /// <exception cref="RelayUnreachableException">No connection, or an answer that is no handshake.</exception>
    /// <exception cref="TunnelRefusedException">The relay answered with an error of its own.</exception>
    public static async ValueTask<WebSocketConnection> DialAsync(
        Uri endpoint,
        string credential,
        string? subprotocol,
        RelayTrust trust,
        CancellationToken cancellationToken
    )
    {
        var webSocket = new ClientWebSocket();
        webSocket.Options.SetRequestHeader("Authorization", $"Bearer {credential}");
        // Both planes ping by themselves.
        webSocket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        webSocket.Options.CollectHttpResponseDetails = true;
        webSocket.Options.RemoteCertificateValidationCallback = trust.Validation;
        if (subprotocol is not null)
        {
            webSocket.Options.AddSubProtocol(subprotocol);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_connectTimeout);
        try
        {
            await webSocket.ConnectAsync(endpoint, limit.Token);
            return new WebSocketConnection(
                webSocket,
                new UriEndPoint(endpoint),
                isHttp2Server: subprotocol == TunnelProtocol.DataSubprotocol
            );
        }
        catch (Exception failed) when (failed is WebSocketException or OperationCanceledException)
        {
            var refusal = HandshakeRefusal.From(webSocket);
            webSocket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw refusal is not null
                ? new TunnelRefusedException(refusal)
                : new RelayUnreachableException(endpoint, failed is OperationCanceledException ? null : failed);
        }
    }
}
