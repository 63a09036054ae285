using System.Net;

namespace Tunnel.Connector.Configuration;

/// <summary>Whether there is a dashboard, and where.</summary>
/// <param name="IsOn">Whether there is one.</param>
/// <param name="EndPoint">Where; at the usual port if null.</param>
internal sealed record DashboardPlace(bool IsOn, IPEndPoint? EndPoint);
