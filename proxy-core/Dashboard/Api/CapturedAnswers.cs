namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>What was kept of a request and its response, as the API shows it.</summary>
internal sealed record CapturedRow
{
    public required string Method { get; init; }

    public required string Target { get; init; }

    public required IReadOnlyList<string[]> Headers { get; init; }

    public required BodyRow? Body { get; init; }

    public required int Status { get; init; }

    public required IReadOnlyList<string[]> ResponseHeaders { get; init; }

    public required BodyRow? ResponseBody { get; init; }

    /// <summary>Whether it can be sent again as it is.</summary>
    public required bool CanReplay { get; init; }

    /// <summary>Headers whose values were not kept.</summary>
    public required IReadOnlyList<string> MissingHeaders { get; init; }
}

/// <param name="Text">Null where it is no text.</param>
/// <param name="Bytes">How long it was.</param>
/// <param name="IsCut">Whether there was more than this.</param>
/// <param name="IsRedacted">Whether secrets were taken out.</param>
internal sealed record BodyRow(string? Text, long Bytes, bool IsCut, bool IsRedacted);

internal sealed record ReplayQuestion(string? Body, Dictionary<string, string?>? Headers);

internal sealed record SentAnswer(
    string RequestId,
    int Status,
    IReadOnlyList<string[]> Headers,
    BodyRow? Body,
    double DurationMs,
    bool IsComplete
);
