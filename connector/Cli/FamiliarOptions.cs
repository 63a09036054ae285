using System.Globalization;

namespace Tunnel.Connector.Cli;

/// <summary>
/// Options and variables of other bridges for <c>mcpr serve</c>, so that a script which called them can call this instead. Each becomes an
/// option or a variable of ours before the command line is read. Spelled with capitals inside (<c>--sseEndpoint</c>) they mean the same.
/// </summary>
internal static class FamiliarOptions
{
    /// <param name="IsSwitch">Whether it stands alone.</param>
    /// <param name="Translate">Our words for it; none where it has no meaning here.</param>
    private sealed record Familiar(bool IsSwitch, Func<string, string[]> Translate);

    private static readonly Dictionary<string, Familiar> s_options = new(StringComparer.Ordinal)
    {
        ["--host"] = Value(text => ["--bind", text]),
        ["--server"] = Value(text =>
            text == "sse" ? ["--stream-path", "off"]
            : text == "stream" ? ["--sse-path", "off"]
            : ["--server", text]
        ),
        ["--sse-endpoint"] = Value(text => ["--sse-path", text]),
        ["--stream-endpoint"] = Value(text => ["--stream-path", text]),
        ["--stateless"] = Switch("--session", "stateless"),
        ["--stateful"] = Switch("--session", "independent"),
        ["--upstream-protocol"] = Value(text => ["--protocol", text]),
        ["--connection-timeout"] = Value(text => ["--start-timeout", Milliseconds(text)]),
        ["--request-timeout"] = Value(text => ["--call-timeout", Milliseconds(text)]),
        ["--session-idle-timeout"] = Value(text => ["--idle-timeout", Milliseconds(text)]),
        ["--session-timeout"] = Value(text => ["--idle-timeout", Milliseconds(text)]),
        ["--event-store-max-events"] = Value(text => ["--kept-events", text]),
        ["--max-body-size"] = Value(text => ["--max-message", text == "0" ? int.MaxValue.ToString(CultureInfo.InvariantCulture) : text]),
        ["--debug"] = Switch("--log-level", "debug"),
        ["--ssl-cert"] = Value(text => ["--tls-cert", text]),
        ["--ssl-key"] = Value(text => ["--tls-key", text]),
        ["--tunnel-subdomain"] = Value(text => ["--name", text]),
        // Streams are always kept for resuming, clients of both eras are always served, and idle connections cost nothing.
        ["--event-store"] = Switch(),
        ["--modern"] = Switch(),
        ["--keep-alive-timeout"] = Value(_ => []),
        ["--graceful-shutdown-timeout"] = Value(_ => []),
    };

    // Where both have a name, ours means what it always means.
    private static readonly HashSet<string> s_refused = new(StringComparer.Ordinal) { "--no-event-store", "--no-modern", "--ssl-ca" };

    /// <summary>The words of <c>mcpr serve</c> with what is familiar translated; other commands keep theirs.</summary>
    /// <param name="arguments">All that was typed, with <c>--</c> before the program.</param>
    /// <param name="refusal">Why it cannot be done.</param>
    public static string[] Translate(string[] arguments, out Refusal? refusal)
    {
        refusal = null;
        if (arguments is not ["serve", ..])
        {
            return arguments;
        }

        ReadVariables();
        List<string> words = ["serve"];
        var end = Array.IndexOf(arguments, "--");
        var (isTunnel, isShell, endpoint) = (false, false, (string?)null);
        for (var index = 1; index < (end < 0 ? arguments.Length : end); index++)
        {
            var (name, value) = Split(arguments[index]);
            string Next() => value ?? (index + 1 < arguments.Length ? arguments[++index] : string.Empty);
            switch (name)
            {
                case "--tunnel":
                    isTunnel = true;
                    break;
                case "--shell":
                    isShell = true;
                    break;
                case "--config"
                    when (value ?? arguments.ElementAtOrDefault(index + 1))?.EndsWith(".json", StringComparison.OrdinalIgnoreCase) == true:
                    words.AddRange(["--servers-file", Next()]);
                    break;
                case "--endpoint":
                    endpoint = Next();
                    break;
                case "--api-key":
                    SetVariable("MCPR_API_KEY", Next());
                    Console.Error.WriteLine(
                        "mcpr: warning: others on this machine can see --api-key; set MCPR_API_KEY, or use --api-key-file"
                    );
                    break;
                case "--cors-add-allowed-header":
                    SetVariable("MCPR_CORS_ALLOWED_HEADERS", Next());
                    break;
                case var _ when s_refused.Contains(name):
                    refusal = new Refusal(ExitCodes.Usage, $"{name} cannot be done here", "docs/bridge.md says what is different, and why");
                    return arguments;
                case var _ when s_options.TryGetValue(name, out var familiar):
                    words.AddRange(familiar.Translate(familiar.IsSwitch ? string.Empty : Next()));
                    break;
                default:
                    words.Add(arguments[index]);
                    break;
            }
        }

        if (endpoint is not null)
        {
            words.AddRange(words.Contains("--stream-path") ? ["--sse-path", endpoint] : ["--stream-path", endpoint]);
        }

        words[0] = isTunnel ? "tunnel" : "serve";
        return [.. words, .. Program(arguments, end, isShell)];
    }

    /// <summary>Whether a word is one of these options, and the next word its value.</summary>
    public static bool TakesNext(string word)
    {
        var (name, value) = Split(word);
        var isValued = name is "--endpoint" or "--api-key" or "--cors-add-allowed-header" or "--ssl-ca";
        return value is null && (isValued || (s_options.TryGetValue(name, out var familiar) && !familiar.IsSwitch));
    }

    /// <summary>Variables of other bridges, where ours is not set.</summary>
    private static void ReadVariables()
    {
        Adopt("AUTH_KEY", "MCPR_API_KEY", text => text);
        Adopt("AUTH_KEY", "MCPR_API_KEY_IN_QUERY", _ => "true");
        Adopt("MCP_SERVER_CONFIG", "MCPR_COMMAND", text => text);
        Adopt("SHARED_SESSION", "MCPR_STDIO_SESSION", text => text is "false" or "0" ? "independent" : "shared");
        Adopt("MCP_PROXY_API_KEY", "MCPR_API_KEY", text => text);
        Adopt("MCP_PROXY_PORT", "MCPR_PORT", text => text);
        Adopt("MCP_PROXY_HOST", "MCPR_BIND", text => text);
        Adopt("MCP_PROXY_STATELESS", "MCPR_STDIO_SESSION", text => text is "true" or "1" ? "stateless" : "independent");
        Adopt("MCP_PROXY_SSE_ENDPOINT", "MCPR_STDIO_SSE_PATH", text => text);
        Adopt("MCP_PROXY_STREAM_ENDPOINT", "MCPR_STDIO_STREAM_PATH", text => text);
        Adopt("MCP_PROXY_CONNECTION_TIMEOUT", "MCPR_STDIO_START_TIMEOUT", Milliseconds);
        Adopt("MCP_PROXY_REQUEST_TIMEOUT", "MCPR_STDIO_REQUEST_TIMEOUT", Milliseconds);
        Adopt("MCP_PROXY_SESSION_IDLE_TIMEOUT", "MCPR_STDIO_IDLE_TIMEOUT", Milliseconds);
        Adopt("MCP_PROXY_EVENT_STORE_MAX_EVENTS", "MCPR_STDIO_KEPT_EVENTS", text => text);
        Adopt("MCP_PROXY_MAX_BODY_SIZE", "MCPR_STDIO_MAX_MESSAGE", text => text);
        Adopt("MCP_PROXY_UPSTREAM_PROTOCOL", "MCPR_STDIO_PROTOCOL", text => text);
        Adopt("MCP_PROXY_SSL_CERT", "MCPR_TLS_CERT", text => text);
        Adopt("MCP_PROXY_SSL_KEY", "MCPR_TLS_KEY", text => text);
        Adopt("MCP_PROXY_TUNNEL_SUBDOMAIN", "MCPR_TUNNEL_NAME", text => text);
        Adopt("MCP_PROXY_DEBUG", "MCPR_LOG_LEVEL", text => text is "true" or "1" ? "debug" : "warning");
    }

    /// <summary><c>--sseEndpoint=/x</c> is <c>--sse-endpoint</c> with <c>/x</c>.</summary>
    private static (string Name, string? Value) Split(string word)
    {
        if (!word.StartsWith("--", StringComparison.Ordinal))
        {
            return (word, null);
        }

        var parts = word.Split('=', 2);
        var name = string.Concat(
            parts[0].Select(letter => char.IsAsciiLetterUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}")
        );
        return (name, parts.Length > 1 ? parts[1] : null);
    }

    private static string[] Program(string[] arguments, int end, bool isShell) =>
        end < 0 ? []
        : isShell ? ["--", Environment.GetEnvironmentVariable("SHELL") ?? "sh", "-c", string.Join(' ', arguments[(end + 1)..])]
        : arguments[end..];

    private static void Adopt(string theirs, string ours, Func<string, string> translate)
    {
        if (
            Environment.GetEnvironmentVariable(theirs) is { Length: > 0 } value
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ours))
        )
        {
            SetVariable(ours, translate(value));
        }
    }

    private static void SetVariable(string name, string value) => Environment.SetEnvironmentVariable(name, value);

    /// <summary>Other bridges count in milliseconds, and 0 is never.</summary>
    private static string Milliseconds(string text) =>
        text == "0" ? "off"
        : text.All(char.IsAsciiDigit) ? text + "ms"
        : text;

    private static Familiar Switch(params string[] words) => new(IsSwitch: true, _ => words);

    private static Familiar Value(Func<string, string[]> translate) => new(IsSwitch: false, translate);
}
