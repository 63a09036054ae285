namespace Tunnel.ProxyCore.History.Queries;

/// <summary>The widths of the steps by which sums are kept.</summary>
public static class RollupWidths
{
    public const int Minute = 60;
    public const int TenMinutes = 600;
    public const int Hour = 3600;

    public static readonly IReadOnlyList<int> All = [Minute, TenMinutes, Hour];

    /// <summary>The one that is fine enough for a range, and no finer.</summary>
    public static int For(TimeSpan range) =>
        range <= TimeSpan.FromHours(3) ? Minute
        : range <= TimeSpan.FromHours(36) ? TenMinutes
        : Hour;
}
