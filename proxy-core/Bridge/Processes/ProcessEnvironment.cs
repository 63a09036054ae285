using System.Collections;

namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>
/// The variables that a server gets: those that programs need to run at all, and what it was promised by name. Tokens and keys of ours, or
/// of whatever else runs in the same shell, are none of its business.
/// </summary>
internal static class ProcessEnvironment
{
    // Where things are, how to speak, and the way out through proxies with certificates of their own. A star stands for any end.
    private static readonly string[] s_always =
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "LANGUAGE",
        "LC_*",
        "TZ",
        "TERM",
        "TMPDIR",
        "XDG_*",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "NODE_EXTRA_CA_CERTS",
        "NPM_CONFIG_*",
        "NVM_*",
        "UV_*",
        "PIP_*",
        "VIRTUAL_ENV",
        "DOCKER_HOST",
        "APPDATA",
        "LOCALAPPDATA",
        "USERPROFILE",
        "PROGRAMDATA",
        "PROGRAMFILES*",
        "SYSTEMROOT",
        "SYSTEMDRIVE",
        "WINDIR",
        "COMSPEC",
        "PATHEXT",
        "TEMP",
        "TMP",
    ];

    // Even * does not pass on what is meant for us; MCP_PROXY_API_KEY and AUTH_KEY are keys of our callers.
    private static readonly string[] s_ours = ["MCPR_*", "MCP_PROXY_*", "AUTH_KEY"];

    public static IEnumerable<KeyValuePair<string, string>> Of(StdioServerOptions options) =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? string.Empty))
            .Where(variable => Passes(variable.Key, options.PassedVariables))
            .Concat(options.Variables);

    /// <summary>Whether a variable of ours is passed on.</summary>
    public static bool Passes(string name, IReadOnlyList<string> passed) =>
        s_always.Any(pattern => Matches(name, pattern, StringComparison.OrdinalIgnoreCase))
        || passed.Any(pattern => pattern == name)
        || (
            passed.Any(pattern => Matches(name, pattern, StringComparison.Ordinal))
            && !s_ours.Any(pattern => Matches(name, pattern, StringComparison.Ordinal))
        );

    private static bool Matches(string name, string pattern, StringComparison comparison) =>
        pattern is [.., '*'] ? name.StartsWith(pattern[..^1], comparison) : name.Equals(pattern, comparison);
}
