using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>Adds the sums of a batch to what is there.</summary>
internal static class PostgresRollupRows
{
    /// <summary>For a writer that no other writes beside: histograms are put together here.</summary>
    /// <returns>How many bytes more there are.</returns>
    public static async ValueTask<long> WriteAsync(HistoryConnection connection, RollupSums sums)
    {
        var (places, all) = (sums.Sums.Keys.ToArray(), sums.Sums.Values.ToArray());
        if (places.Length == 0)
        {
            return 0;
        }

        (string, object?)[] keys =
        [
            ("@widths", Array.ConvertAll(places, place => place.Width)),
            ("@ats", Array.ConvertAll(places, place => place.At)),
            ("@series", Array.ConvertAll(places, place => place.Series)),
        ];
        var bytes = (long)places.Length * PostgresSizes.Rollup;
        foreach (
            var (place, there) in await connection.QueryAsync(
                row => (new RollupPlace(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)), row.GetFieldValue<byte[]>(3)),
                "SELECT width, at, series, histogram FROM rollups JOIN unnest(@widths, @ats, @series) AS n (width, at, series) USING (width, at, series)",
                keys
            )
        )
        {
            sums.Sums[place].Histogram.Merge(there);
            bytes -= PostgresSizes.Rollup + there.Length;
        }

        var histograms = Array.ConvertAll(all, sum => sum.Histogram.Encode());
        await connection.ExecuteAsync(
            """
            INSERT INTO rollups (width, at, series, count, errors, tool_errors, longest, bytes_in, bytes_out, histogram)
            SELECT * FROM unnest(@widths, @ats, @series, @counts, @errors, @tool_errors, @longest, @in, @out, @histograms)
            ON CONFLICT (width, at, series) DO UPDATE SET
                count = rollups.count + excluded.count, errors = rollups.errors + excluded.errors, tool_errors = rollups.tool_errors + excluded.tool_errors,
                longest = GREATEST(rollups.longest, excluded.longest), bytes_in = rollups.bytes_in + excluded.bytes_in,
                bytes_out = rollups.bytes_out + excluded.bytes_out, histogram = excluded.histogram
            """,
            [
                .. keys,
                ("@counts", Array.ConvertAll(all, sum => sum.Count)),
                ("@errors", Array.ConvertAll(all, sum => sum.Errors)),
                ("@tool_errors", Array.ConvertAll(all, sum => sum.ToolErrors)),
                ("@longest", Array.ConvertAll(all, sum => sum.Longest)),
                ("@in", Array.ConvertAll(all, sum => sum.BytesIn)),
                ("@out", Array.ConvertAll(all, sum => sum.BytesOut)),
                ("@histograms", histograms),
            ]
        );
        return bytes + histograms.Sum(histogram => (long)histogram.Length);
    }
}
