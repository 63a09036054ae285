using System.Net;
using System.Net.Sockets;

namespace Tunnel.Relay.Team.Alerts.Webhooks;

/// <summary>
/// Opens connections to the internet and nowhere else. What counts is the address that is connected to, not a look at the name before: a name can
/// have another address a moment later.
/// </summary>
/// <param name="isPrivateAllowed">Whether the operator lets messages go to this machine and the networks around it.</param>
/// <param name="resolve">Looks a name up.</param>
internal sealed class GuardedDialer(bool isPrivateAllowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var there = context.DnsEndPoint;
        var found = await resolve(there.Host, cancellationToken);
        var allowed = isPrivateAllowed ? found : [.. found.Where(PublicAddress.Is)];
        if (allowed.Length == 0)
        {
            throw new PrivateAddressException(there.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, there.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A name has only addresses that messages may not go to.</summary>
internal sealed class PrivateAddressException(string host)
    : IOException($"{host} is not on the internet; --team-webhook-private lets messages go there");
