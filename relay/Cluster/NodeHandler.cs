using System.Net.Sockets;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Cluster;

/// <summary>
/// Shows the cluster's key to another relay, takes its "not here" for a connection that was never made, and notes whether it can be reached.
/// </summary>
internal sealed class NodeHandler(HttpMessageHandler inner, ClusterKey key, SessionHealth health, TimeProvider time)
    : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(ClusterKey.Header, key.Shown);
        var response = await ReachAsync(request, cancellationToken);
        if (!response.Headers.NonValidated.TryGetValues(ClusterKey.NotHereHeader, out var shown) || !key.Is(shown.ToString()))
        {
            return response;
        }

        response.Dispose();
        throw new HttpRequestException("the name is not open on that relay", new NextHopGoneException());
    }

    private async Task<HttpResponseMessage> ReachAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            health.Succeeded();
            return response;
        }
        catch (HttpRequestException unreachable) when (NeverBegan(unreachable))
        {
            health.Failed(time);
            throw new HttpRequestException(unreachable.Message, new NextHopGoneException());
        }
        catch (Exception unreachable) when (unreachable.InnerException is SocketException or TimeoutException)
        {
            // The second is how SocketsHttpHandler says that its ConnectTimeout is over.
            health.Failed(time);
            throw;
        }
    }

    /// <summary>
    /// Whether one of the two relays does not believe the other. Where that shows late, HTTP/2 says in words of its own that it could not begin:
    /// it knows no reason and names none.
    /// </summary>
    private static bool NeverBegan(HttpRequestException exception) =>
        exception.GetBaseException() is NextHopGoneException
        || exception is { InnerException: null, StatusCode: null, HttpRequestError: HttpRequestError.Unknown };
}
