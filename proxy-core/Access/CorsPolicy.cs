using System.Collections.Immutable;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.ProxyCore.Access;

/// <summary>
/// What pages of other origins may do (Fetch Standard, section 3.2): the headers of both eras of MCP are always among what they may send
/// and read, so no setting can break a client that worked.
/// </summary>
public sealed class CorsPolicy
{
    /// <summary>What a page may send in any case. <c>Mcp-Param-*</c> stands for every header that begins like that.</summary>
    private static readonly ImmutableArray<string> s_allowedHeaders =
    [
        "Content-Type",
        "Authorization",
        "Accept",
        "Mcp-Session-Id",
        "Mcp-Protocol-Version",
        "Last-Event-Id",
        "Mcp-Method",
        "Mcp-Name",
        ApiKeys.Header,
    ];

    /// <summary>What a page may read in any case.</summary>
    private static readonly ImmutableArray<string> s_exposedHeaders =
    [
        "Mcp-Session-Id",
        "WWW-Authenticate",
        "Retry-After",
        Errors.ErrorResponse.CodeHeader,
        Errors.ErrorResponse.RequestIdHeader,
    ];

    private const string ParameterHeaderPrefix = "Mcp-Param-";

    /// <summary>Where it is false, the server answers for itself. Default true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Whose pages may call. Default all of them.</summary>
    public ImmutableArray<OriginPattern> Origins { get; init; } = [OriginPattern.Any];

    /// <summary>Methods that pages may use. The server still decides what they do. Default all of RFC 9110 and RFC 5789 but TRACE.</summary>
    public ImmutableArray<string> Methods { get; init; } = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    /// <summary>Further headers that pages may send; <c>*</c> is any. Default none.</summary>
    public ImmutableArray<string> AllowedHeaders { get; init; } = [];

    /// <summary>Further headers that pages may read. Default none.</summary>
    public ImmutableArray<string> ExposedHeaders { get; init; } = [];

    /// <summary>Whether pages of origins that are named, not of just any, may send cookies and the like. Default true.</summary>
    public bool AllowsCredentials { get; init; } = true;

    /// <summary>How long a browser may keep the answer to a preflight; null leaves it to the browser. Default null.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Whether just any page may call, which is told without naming one.</summary>
    public bool AllowsAny => Origins.Any(origin => origin.IsAny);

    public bool Allows(string origin) => Origins.Any(pattern => pattern.Matches(origin));

    /// <summary>Whether somebody wrote down this origin; allowing all names nobody.</summary>
    public bool Names(string origin) => IsEnabled && Origins.Any(pattern => !pattern.IsAny && pattern.Matches(origin));

    /// <summary>The value of Access-Control-Expose-Headers.</summary>
    public string Exposed() => string.Join(", ", s_exposedHeaders.Concat(ExposedHeaders));

    /// <summary>The value of Access-Control-Allow-Headers, given what a preflight asks for.</summary>
    public string Allowed(IEnumerable<string> asked)
    {
        // The star of the standard leaves Authorization out, so what was asked for is repeated instead.
        var any = AllowedHeaders.Contains("*", StringComparer.Ordinal);
        var further = asked.Where(name =>
            (any || name.StartsWith(ParameterHeaderPrefix, StringComparison.OrdinalIgnoreCase)) && HttpStrictness.IsToken(name)
        );
        var all = s_allowedHeaders.Concat(AllowedHeaders.Where(name => name != "*")).Concat(further);
        return string.Join(", ", all.Distinct(StringComparer.OrdinalIgnoreCase));
    }
}
