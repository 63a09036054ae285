using System.Net;
using System.Net.WebSockets;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.Connector.Tunneling;

/// <summary>Reads from a failed handshake what the relay had against it.</summary>
internal static class HandshakeRefusal
{
    /// <returns>Null when the answer, if there was one, did not come from a relay.</returns>
    public static TunnelRefusal? From(ClientWebSocket webSocket)
    {
        var code =
            webSocket.HttpResponseHeaders is { } headers && headers.TryGetValue(ErrorResponse.CodeHeader, out var values)
                ? values.FirstOrDefault()
                : null;
        if (code is null)
        {
            return null;
        }

        var isFatal = webSocket.HttpStatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.UpgradeRequired;
        return ErrorCatalog.All.FirstOrDefault(error => error.Code == code) is { } known
            ? new TunnelRefusal(known.Code, known.Title, known.Hint, isFatal)
            : new TunnelRefusal(
                code,
                $"relay answered {(int)webSocket.HttpStatusCode}",
                "this mcpr does not know the code; update it",
                isFatal
            );
    }
}
