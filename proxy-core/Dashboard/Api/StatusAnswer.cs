using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <param name="Version">What runs here.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="Now">The time here.</param>
/// <param name="Servers">Those that Studio can call.</param>
/// <param name="History">How much history there is.</param>
/// <param name="Captured">How many requests there are with headers and bodies.</param>
/// <param name="Team">Who looks, where it is not whoever runs the process.</param>
public sealed record StatusAnswer(
    string Version,
    DateTimeOffset StartedAt,
    DateTimeOffset Now,
    IReadOnlyList<ServerRow> Servers,
    HistoryStateRow History,
    CapturedStateRow Captured,
    TeamRow? Team = null
)
{
    /// <summary>Writes the answer to a question for <c>/status</c>.</summary>
    public Task WriteAsync(HttpContext context) => ApiAnswer.WriteAsync(context, this, DashboardJson.Default.StatusAnswer);
}

/// <summary>A member of a team's project, whose servers are elsewhere: there is no Studio for them, and nothing of bodies.</summary>
/// <param name="Project">The project.</param>
/// <param name="Member">Who looks at it.</param>
/// <param name="Role">What the member may do.</param>
public sealed record TeamRow(string Project, string Member, string Role);

/// <param name="Server">What events call it.</param>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="Path">Where callers find its endpoint.</param>
public sealed record ServerRow(string Server, string? Name, string Path);

public sealed record HistoryStateRow(
    string File,
    long Events,
    long Bytes,
    long MaxBytes,
    double MaxAgeS,
    DateTimeOffset? Oldest,
    long Dropped
)
{
    public static HistoryStateRow Of(HistoryState history, HistoryOptions limits) =>
        new(history.Place, history.Events, history.Bytes, limits.MaxBytes, limits.MaxAge.TotalSeconds, history.OldestAt, history.Lost);
}

public sealed record CapturedStateRow(bool IsOn, int Requests, int MaxRequests, long Bytes, long MaxBytes, int MaxBody);
