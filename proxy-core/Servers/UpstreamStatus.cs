namespace Tunnel.ProxyCore.Servers;

/// <summary>One address of a server at one moment, for metrics.</summary>
/// <param name="Server">The path of the server's endpoint for callers, which tells it from others.</param>
/// <param name="Url">The endpoint there.</param>
/// <param name="IsUp">Whether the last that was heard of it was good.</param>
/// <param name="UnderWay">Exchanges with it that have not ended.</param>
internal readonly record struct UpstreamStatus(string Server, Uri Url, bool IsUp, int UnderWay);
