namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>
/// What a client wants its own process to have in its environment, such as a token of its own: in headers, <c>Mcpr-Env-GITHUB_TOKEN: …</c>,
/// or in the query of the request that begins the session, <c>/sse?GITHUB_TOKEN=…</c>, where others may see it.
/// </summary>
internal static class SessionVariables
{
    private const string HeaderPrefix = "Mcpr-Env-";

    // Bounded: longer than any token.
    private const int MaxLength = 8192;

    // They decide which code runs, or with whose rights. No list makes them harmless.
    private static readonly string[] s_never =
    [
        "PATH",
        "LD_*",
        "DYLD_*",
        "NODE_OPTIONS",
        "NODE_PATH",
        "NODE_EXTRA_*",
        "NPM_*",
        "PYTHON*",
        "PERL*",
        "RUBY*",
        "JAVA_*",
        "JDK_*",
        "BASH_*",
        "ENV",
        "SHELL",
        "HOME",
        "IFS",
        "GIT_*",
        "UV_*",
        "PIP_*",
    ];

    public static IReadOnlyDictionary<string, string> Of(BridgeRequest request, StdioServerOptions options)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (var name in options.SessionVariables.Where(name => !IsDangerous(name)))
        {
            if (
                (request.Header(HeaderPrefix + name) ?? request.Query(name)) is { Length: <= MaxLength } value
                && !value.Contains('\0', StringComparison.Ordinal)
            )
            {
                variables[name] = value;
            }
        }

        return variables;
    }

    public static bool IsDangerous(string name) =>
        s_never.Any(pattern =>
            pattern is [.., '*']
                ? name.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
                : name.Equals(pattern, StringComparison.OrdinalIgnoreCase)
        );
}
