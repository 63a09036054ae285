using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Text on its way into a database. Callers choose names of tools and clients; not every database keeps every string.</summary>
public static class SqlText
{
    /// <returns>The text without what is no UTF-8 or would end it early: zeros and halves of surrogate pairs become U+FFFD.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Storable(string? text) =>
        text is null || !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    /// <returns>A pattern for what contains the text, with <c>\</c> before what would mean something else in it.</returns>
    public static string PatternOf(string text) =>
        $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
