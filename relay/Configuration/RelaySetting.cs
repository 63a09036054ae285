using System.Globalization;

namespace Tunnel.Relay.Configuration;

/// <summary>One setting of the relay, by its flag; the variable has the same name: <c>--max-tunnels</c> is <c>MCPR_RELAY_MAX_TUNNELS</c>.</summary>
/// <param name="Flag">The option.</param>
/// <param name="HelpName">What stands for the value in the help.</param>
/// <param name="Description">What it is, with its default.</param>
/// <param name="Apply">Puts the text into the options and says what is wrong with it, if anything.</param>
internal sealed record RelaySetting(string Flag, string HelpName, string Description, Func<RelayOptions, string, string?> Apply)
{
    private const string EnvironmentPrefix = "MCPR_RELAY_";

    public string Variable { get; } = EnvironmentPrefix + Flag.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    public static RelaySetting Text(string flag, string helpName, string description, Action<RelayOptions, string> set) =>
        new(
            flag,
            helpName,
            description,
            (options, text) =>
            {
                set(options, text);
                return null;
            }
        );

    public static RelaySetting Number(string flag, string description, Action<RelayOptions, int> set) =>
        Parsed<int>(flag, "number", description, "a number", TryParseNumber, set);

    public static RelaySetting Switch(string flag, string description, Action<RelayOptions, bool> set) =>
        Parsed<bool>(flag, "true|false", description, "true or false", bool.TryParse, set);

    public static RelaySetting Duration(string flag, string description, Action<RelayOptions, TimeSpan> set) =>
        Parsed<TimeSpan>(flag, "duration", description, "a duration such as 10s, 5m or 30d", Durations.TryParse, set);

    public static RelaySetting Size(string flag, string description, Action<RelayOptions, long> set) =>
        Parsed<long>(flag, "bytes", description, "a size such as 4096 or 16MiB", Sizes.TryParse, set);

    private delegate bool TryParse<T>(string text, out T value);

    private static bool TryParseNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static RelaySetting Parsed<T>(
        string flag,
        string helpName,
        string description,
        string kind,
        TryParse<T> tryParse,
        Action<RelayOptions, T> set
    ) =>
        new(
            flag,
            helpName,
            description,
            (options, text) =>
            {
                if (!tryParse(text, out var value))
                {
                    return $"{flag} '{text}' is not {kind}";
                }

                set(options, value);
                return null;
            }
        );
}
