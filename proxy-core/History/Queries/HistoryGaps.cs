namespace Tunnel.ProxyCore.History.Queries;

/// <summary>What is missing of a range.</summary>
/// <param name="DeletedBefore">Events before this were deleted; null where none of the range were.</param>
/// <param name="Reason">The limit that did it: <c>max_age</c> or <c>max_size</c>.</param>
/// <param name="Lost">Events that were never written, because there were too many at once.</param>
public sealed record HistoryGaps(DateTimeOffset? DeletedBefore, string? Reason, long Lost);
