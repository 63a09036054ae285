using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History.Sql;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>Adds the sums of a batch to what is there.</summary>
internal static class RollupRows
{
    public static void Write(SqliteConnection connection, RollupSums sums)
    {
        foreach (var (place, sum) in sums.Sums)
        {
            if (
                connection.Scalar(
                    "SELECT histogram FROM rollups WHERE width = $width AND at = $at AND series = $series",
                    ("$width", place.Width),
                    ("$at", place.At),
                    ("$series", place.Series)
                )
                is byte[] there
            )
            {
                sum.Histogram.Merge(there);
            }

            connection.Execute(
                """
                INSERT INTO rollups (width, at, series, count, errors, tool_errors, longest, bytes_in, bytes_out, histogram)
                VALUES ($width, $at, $series, $count, $errors, $tool_errors, $longest, $in, $out, $histogram)
                ON CONFLICT (width, at, series) DO UPDATE SET
                    count = count + $count, errors = errors + $errors, tool_errors = tool_errors + $tool_errors, longest = MAX(longest, $longest),
                    bytes_in = bytes_in + $in, bytes_out = bytes_out + $out, histogram = $histogram
                """,
                ("$width", place.Width),
                ("$at", place.At),
                ("$series", place.Series),
                ("$count", sum.Count),
                ("$errors", sum.Errors),
                ("$tool_errors", sum.ToolErrors),
                ("$longest", sum.Longest),
                ("$in", sum.BytesIn),
                ("$out", sum.BytesOut),
                ("$histogram", sum.Histogram.Encode())
            );
        }
    }
}
