using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.Relay.Cluster;

/// <summary>Shows the cluster's key to another relay, and takes its "not here" for a connection that was never made.</summary>
internal sealed class NodeHandler(HttpMessageHandler inner, ClusterKey key) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(ClusterKey.Header, key.Shown);
        var response = await base.SendAsync(request, cancellationToken);
        if (!response.Headers.NonValidated.TryGetValues(ClusterKey.NotHereHeader, out var shown) || !key.Is(shown.ToString()))
        {
            return response;
        }

        response.Dispose();
        throw new HttpRequestException("the name is not open on that relay", new NextHopGoneException());
    }
}
