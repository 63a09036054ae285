using System.Diagnostics;

namespace Tunnel.ProxyCore.Telemetry;

/// <summary>What to listen to: <c>AddSource(McpTelemetry.SourceName)</c> and <c>AddMeter(McpTelemetry.MeterName)</c> in OpenTelemetry.</summary>
public static class McpTelemetry
{
    /// <summary>The activity source of MCP spans.</summary>
    public const string SourceName = "Tunnel.ProxyCore";

    /// <summary>The meter of MCP metrics.</summary>
    public const string MeterName = "Tunnel.ProxyCore";

    internal static readonly ActivitySource Source = new(SourceName);
}
