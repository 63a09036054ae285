using System.Text.RegularExpressions;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Relay.Configuration;

/// <summary>Variables that look as if they set something of the relay, and set nothing.</summary>
internal static partial class StrayVariables
{
    /// <param name="names">All variables there are.</param>
    /// <param name="known">Those that set something, besides the settings'.</param>
    /// <returns>A sentence for each.</returns>
    public static IEnumerable<string> Find(IEnumerable<string> names, params string[] known)
    {
        var variables = RelaySettings.All.Select(setting => setting.Variable).Concat(known).ToHashSet(StringComparer.Ordinal);
        return names
            .Where(name => name.StartsWith(RelaySetting.EnvironmentPrefix, StringComparison.Ordinal))
            .Where(name => !variables.Contains(name) && !OfKubernetes().IsMatch(name))
            .Order(StringComparer.Ordinal)
            .Select(name =>
                Suggestion.For(
                    name[RelaySetting.EnvironmentPrefix.Length..],
                    variables.Select(one => one[RelaySetting.EnvironmentPrefix.Length..].ToLowerInvariant())
                )
                    is { } meant
                    ? $"{name} sets nothing; did you mean {RelaySetting.EnvironmentPrefix}{meant.ToUpperInvariant()}"
                    : $"{name} sets nothing; docs/relay-config.md has all settings"
            );
    }

    // Every pod is told of services in such a way, and one may be called mcpr-relay.
    [GeneratedRegex(
        "_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OfKubernetes();
}
