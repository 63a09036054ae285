using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>A session.</summary>
public sealed record SessionRow
{
    public required long SessionId { get; init; }

    public required string Session { get; init; }

    public required string? Server { get; init; }

    public required string? Client { get; init; }

    public required string? ClientVersion { get; init; }

    public required string? ProtocolVersion { get; init; }

    public required string? User { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public required string? EndReason { get; init; }

    public required bool IsActive { get; init; }

    public required long Requests { get; init; }

    public required long Calls { get; init; }

    public required long Errors { get; init; }

    /// <param name="session">The session.</param>
    /// <param name="now">When that is asked.</param>
    public static SessionRow Of(StoredSession session, DateTimeOffset now) =>
        new()
        {
            SessionId = session.Id,
            Session = session.Key,
            Server = session.Server,
            Client = session.Client,
            ClientVersion = session.ClientVersion,
            ProtocolVersion = session.ProtocolVersion,
            User = session.User,
            StartedAt = session.StartedAt,
            LastAt = session.LastAt,
            EndedAt = session.EndedAt,
            EndReason = session.EndReason,
            IsActive = IsActiveAt(session, now),
            Requests = session.Requests,
            Calls = session.Calls,
            Errors = session.Errors,
        };

    public static bool IsActiveAt(StoredSession session, DateTimeOffset now) =>
        session.EndedAt is null && session.LastAt >= now - HistoryReports.ActiveWithin;
}
