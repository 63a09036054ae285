namespace Tunnel.ProxyCore.Dashboard.Api;

internal sealed record DroppedRow(long Count);
