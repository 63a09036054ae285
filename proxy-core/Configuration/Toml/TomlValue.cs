namespace Tunnel.ProxyCore.Configuration.Toml;

/// <summary>A value of a TOML document, with the line on which it begins.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Line">Where it stands, from 1.</param>
public sealed record TomlValue(TomlKind Kind, int Line)
{
    /// <summary>
    /// A scalar as text: integers in decimal, floats in the shortest form that reads back the same, dates as RFC 3339 writes them.
    /// </summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>The values of an array.</summary>
    public IList<TomlValue> Items { get; init; } = [];

    /// <summary>The keys of a table.</summary>
    public IDictionary<string, TomlValue> Members { get; init; } = new Dictionary<string, TomlValue>(StringComparer.Ordinal);
}
