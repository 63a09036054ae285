using System.Net;
using System.Text;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>Parameters in a query or a form, <c>a=1&amp;b=2</c>: what is not replaced keeps its bytes.</summary>
internal static class QueryParameters
{
    /// <returns>The values of a parameter, decoded.</returns>
    public static IEnumerable<string> Find(string query, string name) =>
        query.Split('&').Where(pair => IsNamed(pair, name)).Select(pair => ValueOf(pair, name));

    /// <param name="query">The pairs, without a question mark before them.</param>
    /// <param name="name">The parameter. Its name needs no escapes.</param>
    /// <param name="replace">Gives the other value, or null where it stays.</param>
    public static string Replace(string query, string name, Func<string, string?> replace)
    {
        var output = new StringBuilder(query.Length);
        foreach (var pair in query.Split('&'))
        {
            output.Append(output.Length > 0 ? "&" : string.Empty);
            output.Append(
                IsNamed(pair, name) && replace(ValueOf(pair, name)) is { } other ? $"{name}={Uri.EscapeDataString(other)}" : pair
            );
        }

        return output.ToString();
    }

    private static bool IsNamed(string pair, string name) =>
        pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal);

    private static string ValueOf(string pair, string name) => WebUtility.UrlDecode(pair[(name.Length + 1)..]);
}
