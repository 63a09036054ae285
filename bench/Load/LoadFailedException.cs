namespace Tunnel.Bench.Load;

/// <summary>There is nothing to report: what was measured did not do its work.</summary>
internal sealed class LoadFailedException(string message) : Exception(message);
