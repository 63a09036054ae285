namespace Tunnel.ProxyCore.History;

/// <summary>The history cannot be read or written now.</summary>
public sealed class HistoryUnavailableException(string message, Exception inner) : Exception(message, inner);
