namespace Tunnel.ProxyCore.Dashboard.Api;

internal sealed record StatusAnswer(
    string Version,
    DateTimeOffset StartedAt,
    DateTimeOffset Now,
    IReadOnlyList<ServerRow> Servers,
    HistoryStateRow History,
    CapturedStateRow Captured
);

/// <param name="Server">What events call it.</param>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="Path">Where callers find its endpoint.</param>
public sealed record ServerRow(string Server, string? Name, string Path);

internal sealed record HistoryStateRow(
    string File,
    long Events,
    long Bytes,
    long MaxBytes,
    double MaxAgeS,
    DateTimeOffset? Oldest,
    long Dropped
);

internal sealed record CapturedStateRow(bool IsOn, int Requests, int MaxRequests, long Bytes, long MaxBytes, int MaxBody);
