using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>An event as the API gives it: its fields, and what only the history knows.</summary>
public sealed record EventRow
{
    public required Guid Id { get; init; }

    public required string Ts { get; init; }

    public required string Type { get; init; }

    public string? Method { get; init; }

    public string? Tool { get; init; }

    public string? Server { get; init; }

    public string? Session { get; init; }

    public long? SessionId { get; init; }

    public string? User { get; init; }

    public string? Client { get; init; }

    public string? ClientVersion { get; init; }

    public string? ProtocolVersion { get; init; }

    public string? Status { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public int? HttpStatus { get; init; }

    public double? LatencyMs { get; init; }

    public double? UpstreamMs { get; init; }

    public long? BytesIn { get; init; }

    public long? BytesOut { get; init; }

    public string? RequestId { get; init; }

    public int? Batch { get; init; }

    public string? Upstream { get; init; }

    public string? Path { get; init; }

    public string? Reason { get; init; }

    public bool? CspApplied { get; init; }

    public string? Widget { get; init; }

    public string? Directive { get; init; }

    public string? BlockedUri { get; init; }

    public string? Fix { get; init; }

    /// <summary>How many times the tool's p50 it took, where that is slow.</summary>
    public double? Slowness { get; init; }

    /// <summary>The tool's p50.</summary>
    public double? UsualMs { get; init; }

    /// <summary>Whether headers and bodies are still in memory.</summary>
    public bool IsCaptured { get; init; }

    public static EventRow Of(StoredEvent stored) => Of(stored.Id, stored.Event) with { SessionId = stored.SessionId };

    /// <summary>Of a call that was slow.</summary>
    public static EventRow Of(SlowCall slow) =>
        Of(slow.Call) with
        {
            Slowness = Milliseconds.Rounded(slow.Factor),
            UsualMs = Milliseconds.Of(slow.Usual),
        };

    private static EventRow Of(Guid id, McpEvent one) =>
        new()
        {
            Id = id,
            Ts = one.Ts,
            Type = one.Type,
            Method = one.Method,
            Tool = one.Tool,
            Server = one.Server,
            Session = one.Session,
            User = one.User,
            Client = one.Client,
            ClientVersion = one.ClientVersion,
            ProtocolVersion = one.ProtocolVersion,
            Status = one.Status,
            ErrorCode = one.ErrorCode,
            ErrorMessage = one.ErrorMessage,
            HttpStatus = one.HttpStatus,
            LatencyMs = one.TimingUs is { } total ? total.Total / 1000.0 : one.LatencyMs,
            UpstreamMs = one.TimingUs is { } timing ? timing.Upstream / 1000.0 : one.UpstreamMs,
            BytesIn = one.BytesIn,
            BytesOut = one.BytesOut,
            RequestId = one.RequestId,
            Batch = one.Batch,
            Upstream = one.Upstream,
            Path = one.Path,
            Reason = one.Reason,
            CspApplied = one.CspApplied,
            Widget = one.Widget,
            Directive = one.Directive,
            BlockedUri = one.BlockedUri,
            Fix = one.Fix,
        };
}
