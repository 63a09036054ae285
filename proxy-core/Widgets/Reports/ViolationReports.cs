using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.Widgets.Reports;

/// <summary>Tells everybody who listens of what a policy has stopped.</summary>
internal sealed class ViolationReports(EventPublisher events, IEnumerable<ICspViolationSink> sinks, TimeProvider time)
{
    private readonly ICspViolationSink[] _sinks = [.. sinks];

    public void Tell(CspViolation violation)
    {
        foreach (var sink in _sinks)
        {
            sink.Report(violation);
        }

        if (events.IsHeard)
        {
            events.Publish(
                new McpEvent
                {
                    Ts = McpEvent.Timestamp(time.GetUtcNow()),
                    Type = EventTypes.CspViolation,
                    BlockedUri = violation.Blocked,
                    Directive = violation.Directive,
                    Widget = violation.Widget,
                    Fix = violation.Fix,
                }
            );
        }
    }
}
