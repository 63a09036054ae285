using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>Adds up a batch by series and step, and then adds that to what is there.</summary>
internal sealed class RollupSums
{
    private readonly Dictionary<(int Width, long At, long Series), Sums> _sums = [];

    public void Add(long series, long at, McpEvent one)
    {
        foreach (var width in RollupWidths.All)
        {
            var place = (width, at - (at % (width * 1000L)), series);
            if (!_sums.TryGetValue(place, out var sums))
            {
                _sums[place] = sums = new Sums();
            }

            sums.Add(one);
        }
    }

    public void Write(SqliteConnection connection)
    {
        foreach (var ((width, at, series), sums) in _sums)
        {
            if (
                connection.Scalar(
                    "SELECT histogram FROM rollups WHERE width = $width AND at = $at AND series = $series",
                    ("$width", width),
                    ("$at", at),
                    ("$series", series)
                )
                is byte[] there
            )
            {
                sums.Histogram.Merge(there);
            }

            connection.Execute(
                """
                INSERT INTO rollups (width, at, series, count, errors, tool_errors, longest, bytes_in, bytes_out, histogram)
                VALUES ($width, $at, $series, $count, $errors, $tool_errors, $longest, $in, $out, $histogram)
                ON CONFLICT (width, at, series) DO UPDATE SET
                    count = count + $count, errors = errors + $errors, tool_errors = tool_errors + $tool_errors, longest = MAX(longest, $longest),
                    bytes_in = bytes_in + $in, bytes_out = bytes_out + $out, histogram = $histogram
                """,
                ("$width", width),
                ("$at", at),
                ("$series", series),
                ("$count", sums.Count),
                ("$errors", sums.Errors),
                ("$tool_errors", sums.ToolErrors),
                ("$longest", sums.Longest),
                ("$in", sums.BytesIn),
                ("$out", sums.BytesOut),
                ("$histogram", sums.Histogram.Encode())
            );
        }
    }

    private sealed class Sums
    {
        public LatencyHistogram Histogram { get; } = new();

        public long Count { get; private set; }

        public long Errors { get; private set; }

        public long ToolErrors { get; private set; }

        public long Longest { get; private set; }

        public long BytesIn { get; private set; }

        public long BytesOut { get; private set; }

        public void Add(McpEvent one)
        {
            var latency = one.TimingUs?.Total ?? (one.LatencyMs ?? 0) * 1000;
            Histogram.Add(latency);
            Longest = Math.Max(Longest, latency);
            Count++;
            Errors += one.Status == Outcomes.Error ? 1 : 0;
            ToolErrors += one.Status == Outcomes.ToolError ? 1 : 0;
            BytesIn += one.BytesIn ?? 0;
            BytesOut += one.BytesOut ?? 0;
        }
    }
}
