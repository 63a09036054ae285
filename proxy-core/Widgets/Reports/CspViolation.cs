using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Tunnel.ProxyCore.Widgets.Reports;

/// <summary>Something that a widget's policy has stopped.</summary>
/// <param name="Widget">The widget's URI or the path of its page; null where that is not known.</param>
/// <param name="Directive">The directive that stopped it, such as <c>connect-src</c>.</param>
/// <param name="Blocked">An origin, or a word of the standard such as <c>inline</c> or <c>eval</c>.</param>
/// <param name="Fix">A line of mcpr.toml that would allow it, null where none would.</param>
public sealed record CspViolation(string? Widget, string Directive, string Blocked, string? Fix)
{
    private const int MaxWidget = 512;

    /// <summary>What reports name that is no URL (CSP level 3 section 5.4), and schemes without a host.</summary>
    private static readonly FrozenSet<string> s_words = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            "inline",
            "eval",
            "wasm-eval",
            "self",
            "data",
            "blob",
            "filesystem",
            "mediastream",
            "about",
            "trusted-types-policy",
            "trusted-types-sink",
        ]
    );

    /// <summary>The directives, and which key of the configuration is about them.</summary>
    private static readonly FrozenDictionary<string, (CspDirective Directive, string Key)?> s_directives = new Dictionary<
        string,
        (CspDirective, string)?
    >(StringComparer.Ordinal)
    {
        ["connect-src"] = (CspDirective.Connect, "csp.connect_domains"),
        ["script-src"] = (CspDirective.Resource, "csp.resource_domains"),
        ["script-src-elem"] = (CspDirective.Resource, "csp.resource_domains"),
        ["style-src"] = (CspDirective.Resource, "csp.resource_domains"),
        ["style-src-elem"] = (CspDirective.Resource, "csp.resource_domains"),
        ["img-src"] = (CspDirective.Resource, "csp.resource_domains"),
        ["font-src"] = (CspDirective.Resource, "csp.resource_domains"),
        ["media-src"] = (CspDirective.Resource, "csp.resource_domains"),
        ["frame-src"] = (CspDirective.Frame, "csp.frame_domains"),
        ["child-src"] = (CspDirective.Frame, "csp.frame_domains"),
        ["base-uri"] = (CspDirective.BaseUri, "csp.base_uri_domains"),
        ["default-src"] = null,
        ["script-src-attr"] = null,
        ["style-src-attr"] = null,
        ["worker-src"] = null,
        ["manifest-src"] = null,
        ["object-src"] = null,
        ["form-action"] = null,
        ["frame-ancestors"] = null,
        ["sandbox"] = null,
        ["require-trusted-types-for"] = null,
        ["trusted-types"] = null,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads what the script has sent: <c>{"widget":"ui://w","directive":"connect-src","blocked":"https://api.example.com"}</c>.</summary>
    /// <returns>Null where it is nothing that our script would send.</returns>
    public static CspViolation? Read(ReadOnlySequence<byte> json, CspOptions options)
    {
        try
        {
            using var report = JsonDocument.Parse(json);
            var root = report.RootElement;
            var directive = root.GetProperty("directive").GetString();
            var blocked = BlockedOf(root.GetProperty("blocked").GetString());
            return directive is null || blocked is null || !s_directives.TryGetValue(directive, out var about)
                ? null
                : new CspViolation(WidgetOf(root.GetProperty("widget").GetString()), directive, blocked, FixFor(about, blocked, options));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Anybody can post here.
            return null;
        }
    }

    private static string? WidgetOf(string? text) =>
        text is { Length: <= MaxWidget }
        && (text.StartsWith("ui://", StringComparison.Ordinal) || text.StartsWith('/'))
        && !text.Any(char.IsControl)
            ? text
            : null;

    private static string? BlockedOf(string? text) =>
        text is null ? null
        : s_words.Contains(text) ? text
        : CspSource.TryParse(text, out var source, out _) && text.Contains("://", StringComparison.Ordinal)
            ? (source with { Path = "" }).ToString()
        : null;

    /// <summary>The whole line, with what is configured already, so that it takes the place of the one that is there.</summary>
    private static string? FixFor((CspDirective Directive, string Key)? about, string blocked, CspOptions options)
    {
        if (about is not { } known || !CspSource.TryParse(blocked, out var source, out _) || s_words.Contains(blocked) || source.IsLoopback)
        {
            return null;
        }

        var configured = options
            .Rules.Where(rule => rule.Match is null)
            .SelectMany(rule => rule.Lists.GetValueOrDefault(known.Directive)?.Sources ?? ImmutableArray<CspSource>.Empty);
        var all = configured.Append(source).Distinct().Select(one => $"\"{one}\"");
        return $"{known.Key} = [{string.Join(", ", all)}]";
    }
}

/// <summary>Gets told of what policies have stopped. Called on the request's own thread: implementations hand over and return.</summary>
public interface ICspViolationSink
{
    void Report(CspViolation violation);
}
