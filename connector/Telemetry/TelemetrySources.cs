using Tunnel.ProxyCore.Telemetry;

namespace Tunnel.Connector.Telemetry;

/// <summary>What of ours and of the platform's is worth telling: the same for Prometheus and for OpenTelemetry.</summary>
internal static class TelemetrySources
{
    public static readonly string[] Meters =
    [
        McpTelemetry.MeterName,
        ConnectorMetrics.MeterName,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http",
        "System.Runtime",
    ];

    public static readonly string[] Activities = [McpTelemetry.SourceName, "Microsoft.AspNetCore", "System.Net.Http"];
}
