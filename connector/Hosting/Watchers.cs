using Tunnel.Connector.Cloud;
using Tunnel.Connector.Terminal;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Admin;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History;

namespace Tunnel.Connector.Hosting;

/// <summary>Who watches a run, and what can be seen of it from outside.</summary>
/// <param name="Terminal">Lines for people.</param>
/// <param name="Events">The event stream, if one is wanted.</param>
/// <param name="History">What remembers events, unless that is switched off or cannot be.</param>
/// <param name="Cloud">What sends events to a team's relay, if that is wanted.</param>
/// <param name="Tunnel">How the tunnel fares, if one is wanted.</param>
/// <param name="Admin">The port for operators, if one is wanted.</param>
/// <param name="Dashboard">The port of the dashboard, if one is wanted.</param>
internal sealed record Watchers(
    TerminalWriter Terminal,
    EventWriter? Events,
    HistoryWriter? History,
    EventShipper? Cloud,
    TunnelStatus? Tunnel,
    AdminListener? Admin,
    DashboardView? Dashboard
);
