using System.Collections.Immutable;
using System.Reflection;

namespace Tunnel.ProxyCore.Errors;

/// <summary>
/// The only place that knows code, status, title and hint of a failure. E1 request, E2 edge, E3 tunnel, E4 connector, E5 MCP server, E6 widgets, E7 identity.
/// Numbers are never used again for something else. docs/errors.md mirrors this list and a test compares them.
/// MCP clients give 400, 404 and 405 a meaning of their own, so what we say about a tunnel or a server is 502, 503 or 504.
/// </summary>
public static partial class ErrorCatalog
{
    /// <summary>All of them, by number.</summary>
    public static ImmutableArray<ProxyError> All => Everything.ByNumber;

    // A class of its own, because the order in which the fields of several files get their values is not known.
    private static class Everything
    {
        public static readonly ImmutableArray<ProxyError> ByNumber =
        [
            .. typeof(ErrorCatalog)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.FieldType == typeof(ProxyError))
                .Select(field => (ProxyError)field.GetValue(null)!)
                .OrderBy(error => error.Number),
        ];
    }
}
