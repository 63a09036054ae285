namespace Tunnel.ProxyCore.History.Queries;

/// <param name="Groups">The groups.</param>
/// <param name="Limit">How many failures were looked at, the newest of them, where there were more; else null.</param>
public sealed record FailurePage(IReadOnlyList<FailureGroup> Groups, int? Limit);
