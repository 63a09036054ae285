using Tunnel.ProxyCore.Widgets.Reports;

namespace Tunnel.Connector.Terminal;

/// <summary>
/// Tells people once what a widget's policy has stopped:
/// <c>mcpr: ui://widget/map: connect-src stopped https://api.example.com; csp.connect_domains = ["https://api.example.com"] would allow it</c>
/// </summary>
internal sealed class ViolationLines(Action<string> say) : ICspViolationSink
{
    /// <summary>Bounded: anybody can report. What comes after that many different ones is in the events only.</summary>
    private const int MaxTold = 200;

    private readonly HashSet<(string?, string, string)> _told = [];
    private readonly Lock _lock = new();

    public void Report(CspViolation violation)
    {
        lock (_lock)
        {
            if (_told.Count == MaxTold || !_told.Add((violation.Widget, violation.Directive, violation.Blocked)))
            {
                return;
            }
        }

        var fix = violation.Fix is null ? string.Empty : $"; {violation.Fix} would allow it";
        say($"{violation.Widget ?? "a widget"}: {violation.Directive} stopped {violation.Blocked}{fix}");
    }
}
