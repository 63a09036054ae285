using System.Globalization;

namespace Tunnel.ProxyCore.Telemetry.Prometheus;

/// <summary>
/// The text format that Prometheus reads, version 0.0.4:
/// <code>
/// # HELP mcp_server_operation_duration_seconds MCP request duration.
/// # TYPE mcp_server_operation_duration_seconds histogram
/// # UNIT mcp_server_operation_duration_seconds seconds
/// mcp_server_operation_duration_seconds_bucket{mcp_method_name="ping",le="0.01"} 3
/// </code>
/// UNIT is OpenMetrics'; to a reader of 0.0.4 it is a comment.
/// </summary>
public static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal static void Write(TextWriter output, MetricFamily family)
    {
        var isFirst = true;
        foreach (var series in family.Series)
        {
            if (isFirst)
            {
                WriteHead(output, family);
                isFirst = false;
            }

            if (family.Kind == MetricKind.Histogram)
            {
                WriteHistogram(output, family, series);
            }
            else
            {
                WriteSample(output, family.Name, series.Labels, Number(series.Read().Value));
            }
        }
    }

    private static void WriteHead(TextWriter output, MetricFamily family)
    {
        if (!string.IsNullOrEmpty(family.Help))
        {
            var help = family.Help.Replace(@"\", @"\\", StringComparison.Ordinal).ReplaceLineEndings(@"\n");
            output.Write($"# HELP {family.Name} {help}\n");
        }

        var type = family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };
        output.Write($"# TYPE {family.Name} {type}\n");
        if (family.Unit is { } unit)
        {
            output.Write($"# UNIT {family.Name} {unit}\n");
        }
    }

    private static void WriteHistogram(TextWriter output, MetricFamily family, MetricSeries series)
    {
        var (sum, count, buckets) = series.Read();
        var comma = series.Labels.Length == 0 ? string.Empty : ",";
        long below = 0;
        for (var index = 0; index < buckets.Length; index++)
        {
            below += buckets[index];
            var bound = index < family.Bounds.Count ? family.Bounds[index] : double.PositiveInfinity;
            WriteSample(output, $"{family.Name}_bucket", $"{series.Labels}{comma}le=\"{Number(bound)}\"", Number(below));
        }

        WriteSample(output, $"{family.Name}_sum", series.Labels, Number(sum));
        WriteSample(output, $"{family.Name}_count", series.Labels, Number(count));
    }

    private static void WriteSample(TextWriter output, string name, string labels, string value) =>
        output.Write(labels.Length == 0 ? $"{name} {value}\n" : $"{name}{{{labels}}} {value}\n");

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
