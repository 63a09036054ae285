using System.Diagnostics;

namespace Tunnel.ProxyCore.Telemetry;

/// <summary>
/// Hands the trace on to the MCP server. Where nobody traces, and for baggage always, the caller's own headers go through as they came;
/// else <c>traceparent</c> and <c>tracestate</c> become those of the span that the server's is to be a child of (W3C Trace Context section 3.4).
/// </summary>
internal sealed class TracePropagator : DistributedContextPropagator
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    public override IReadOnlyCollection<string> Fields { get; } = [TraceParent, TraceState];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        // An activity without a source was made by the HTTP client or server for itself. Nobody exports it, so nobody could find the parent.
        while (activity is not null && activity.Source.Name.Length == 0)
        {
            activity = activity.Parent;
        }

        if (activity?.Id is not { } id || carrier is not HttpRequestMessage request)
        {
            return;
        }

        request.Headers.Remove(TraceParent);
        request.Headers.Remove(TraceState);
        request.Headers.TryAddWithoutValidation(TraceParent, id);
        if (!string.IsNullOrEmpty(activity.TraceStateString))
        {
            request.Headers.TryAddWithoutValidation(TraceState, activity.TraceStateString);
        }
    }

    // Nothing is read here: what comes in is the web server's to read.
    public override void ExtractTraceIdAndState(
        object? carrier,
        PropagatorGetterCallback? getter,
        out string? traceId,
        out string? traceState
    ) => (traceId, traceState) = (null, null);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
