using System.Net;

namespace Tunnel.Connector.Tunneling;

/// <summary>The address of Kestrel's tunnel listener: whatever relay is dialled, connections "arrive" here.</summary>
internal sealed class TunnelEndPoint : EndPoint
{
    public override string ToString() => "tunnel";
}
