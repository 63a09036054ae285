namespace Tunnel.ProxyCore.History.Queries;

/// <summary>How much there is.</summary>
/// <param name="Place">The file, or where else it is.</param>
/// <param name="Events">How many events.</param>
/// <param name="Bytes">What they take up, with all that belongs to them.</param>
/// <param name="OldestAt">The oldest event.</param>
/// <param name="Lost">Events that were never written.</param>
public sealed record HistoryState(string Place, long Events, long Bytes, DateTimeOffset? OldestAt, long Lost);
