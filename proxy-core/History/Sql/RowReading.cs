using System.Data.Common;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Reads columns as histories keep them.</summary>
public static class RowReading
{
    /// <summary>Text that is not known is empty or null.</summary>
    public static string? TextOrNull(this DbDataReader row, int column) =>
        row.IsDBNull(column) || row.GetString(column) is not { Length: > 0 } text ? null : text;

    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>Milliseconds since 1970.</summary>
    public static DateTimeOffset MomentOf(this DbDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? MomentOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.MomentOf(column);

    /// <summary>The id of an event; where there is no type for that it is 16 bytes.</summary>
    public static Guid IdOf(this DbDataReader row, int column) =>
        row.GetValue(column) is byte[] bytes ? new Guid(bytes, bigEndian: true) : row.GetGuid(column);
}
