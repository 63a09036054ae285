using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Servers.Offers;

namespace Tunnel.Connector.Configuration;

/// <summary>How servers, what they offer, and the programs behind them are written. <see cref="ValueKinds"/> names the kinds.</summary>
internal static class ServerValues
{
    public static bool ParseServerName(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        value = text;
        problem = McpServerName.FindProblem(text);
        return problem is null;
    }

    public static bool ParsePatterns(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = [.. text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        problem = null;
        return true;
    }

    public static bool ParseRenamings(string text, out ImmutableArray<Renaming> value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = ([], null);
        foreach (var item in text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Renaming.TryParse(item, out var renaming))
            {
                problem = $"'{item}' is no renaming; it looks like 'search -> find_files' or '* -> files_*'";
                return false;
            }

            value = value.Add(renaming);
        }

        return true;
    }

    /// <summary>Names of headers or methods (token of RFC 9110 section 5.6.2).</summary>
    public static bool ParseNames(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = CommonKinds.ItemsOf(text);
        var wrong = value.FirstOrDefault(name => !HttpStrictness.IsToken(name));
        problem = wrong is null ? null : $"'{wrong}' has characters that no name in HTTP has";
        return problem is null;
    }

    public static bool ParseCommand(
        string text,
        [MaybeNullWhen(false)] out IReadOnlyList<string> value,
        [NotNullWhen(false)] out string? problem
    ) => CommandWords.TrySplit(text, out value, out problem);

    public static bool ParseVariableNames(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = CommonKinds.ItemsOf(text);
        var wrong = value.FirstOrDefault(name => name.Contains('=', StringComparison.Ordinal));
        problem = wrong is null
            ? null
            : $"'{wrong}' has a value in it; name the variable only, its value comes from mcpr's own environment";
        return problem is null;
    }
}
