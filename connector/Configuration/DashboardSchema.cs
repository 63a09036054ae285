namespace Tunnel.Connector.Configuration;

/// <summary>The keys about the dashboard.</summary>
internal static class DashboardSchema
{
    public static readonly ConfigurationKey<DashboardPlace> Listen = new(
        "dashboard.listen",
        ValueKinds.Dashboard,
        "the dashboard, on loopback: true for port 4040 or a free one, or a port"
    )
    {
        Default = "false",
        Flag = "--dashboard",
    };

    public static readonly ConfigurationKey<bool> Bodies = new(
        "dashboard.bodies",
        ValueKinds.Switch,
        "while there is a dashboard, keep headers and bodies of the newest requests, in memory only and without secrets"
    )
    {
        Default = "true",
    };
}
