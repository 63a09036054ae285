using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tunnel.Connector.Cli;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Widgets;

namespace Tunnel.Connector.Configuration;

/// <summary>How widgets and their policies are written. <see cref="ValueKinds"/> names the kinds.</summary>
internal static class WidgetValues
{
    public static bool ParseWidgets(string text, [MaybeNullWhen(false)] out WidgetAddress value, [NotNullWhen(false)] out string? problem)
    {
        value = WidgetAddress.Parse(text, out problem);
        return problem is null && value is not null;
    }

    public static bool ParseCspSources(string text, out ImmutableArray<CspSource> value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = ([], null);
        foreach (var item in CommonKinds.ItemsOf(text))
        {
            if (!CspSource.TryParse(item, out var source, out var fault))
            {
                problem = $"'{item}' {fault}";
                return false;
            }

            value = value.Add(source);
        }

        return true;
    }

    public static bool ParseCspMode(string text, out CspMode value, [NotNullWhen(false)] out string? problem)
    {
        value = text == "replace" ? CspMode.Replace : CspMode.Extend;
        problem = text is "extend" or "replace" ? null : $"'{text}' is neither extend nor replace";
        return problem is null;
    }
}
