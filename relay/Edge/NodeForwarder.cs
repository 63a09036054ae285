using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Cluster;

namespace Tunnel.Relay.Edge;

/// <summary>Sends an exchange to another relay that has its name.</summary>
internal sealed class NodeForwarder(IOtherNodes nodes, StreamingForwarder forwarder)
{
    /// <inheritdoc cref="IOtherNodes.FindAsync"/>
    public ValueTask<RouteLookup> FindAsync(string name, CancellationToken cancellationToken) => nodes.FindAsync(name, cancellationToken);

    /// <inheritdoc cref="IOtherNodes.Forget"/>
    public void Forget(string name) => nodes.Forget(name);

    /// <param name="context">The exchange.</param>
    /// <param name="elsewhere">Where to send it, in turn.</param>
    /// <param name="target">What it asks for.</param>
    /// <param name="requestBody">Its body.</param>
    /// <param name="isLastWay">Whether it may wait there, if nobody takes it at once.</param>
    /// <returns>Not connected when no relay took it.</returns>
    public async ValueTask<ForwardOutcome> SendAsync(
        HttpContext context,
        RouteLookup elsewhere,
        string target,
        RequestBodyTap requestBody,
        bool isLastWay
    )
    {
        if (!isLastWay || elsewhere.Nodes.Length > 1)
        {
            context.Request.Headers[ClusterKey.HasOtherWayHeader] = "1";
            var outcome = await SendInTurnAsync(context, elsewhere, target, requestBody);
            context.Request.Headers.Remove(ClusterKey.HasOtherWayHeader);
            if (outcome != ForwardOutcome.NotConnected || !isLastWay || !requestBody.TryRewind())
            {
                return outcome;
            }
        }

        return await SendInTurnAsync(context, elsewhere, target, requestBody);
    }

    private async ValueTask<ForwardOutcome> SendInTurnAsync(
        HttpContext context,
        RouteLookup elsewhere,
        string target,
        RequestBodyTap requestBody
    )
    {
        var outcome = ForwardOutcome.NotConnected;
        foreach (var node in elsewhere.Nodes)
        {
            outcome = await forwarder.SendAsync(context, target, nodes.DestinationOf(node), requestBody);
            if (outcome != ForwardOutcome.NotConnected || !requestBody.TryRewind())
            {
                break;
            }
        }

        return outcome;
    }
}
