using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Relay.Configuration;

/// <summary>
/// One thing that an operator can set. Its flag gives the other names: <c>--max-tunnels</c> is <c>max_tunnels</c> in a file and
/// <c>MCPR_RELAY_MAX_TUNNELS</c> in the environment.
/// </summary>
/// <param name="Flag">The option on the command line.</param>
/// <param name="Kind">What it can be set to.</param>
/// <param name="Description">What it does, in one line; help and docs/relay-config.md have the same one.</param>
/// <param name="Default">The value where nobody sets one, or null where there is none then.</param>
/// <param name="Apply">Puts a text into the options and says what is wrong with it, if anything.</param>
internal sealed record RelaySetting(
    string Flag,
    ValueKind Kind,
    string Description,
    string? Default,
    Func<RelayOptions, string, string?> Apply
)
{
    public const string EnvironmentPrefix = "MCPR_RELAY_";

    /// <summary>How it is called in a file.</summary>
    public string Key { get; } = Flag.TrimStart('-').Replace('-', '_');

    /// <summary>The variable.</summary>
    public string Variable { get; } = EnvironmentPrefix + Flag.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    public static RelaySetting Of<T>(string flag, ValueKind<T> kind, string description, string? byDefault, Action<RelayOptions, T> set) =>
        new(
            flag,
            kind,
            description,
            byDefault,
            (options, text) =>
            {
                if (!kind.Parse(text.Trim(), out var value, out var problem))
                {
                    return problem;
                }

                set(options, value);
                return null;
            }
        );
}
