using System.Collections.Immutable;

namespace Tunnel.ProxyCore.Widgets.Explaining;

/// <summary>The policy that a host enforces for a widget.</summary>
/// <param name="Host">Who.</param>
/// <param name="Policy">The value of Content-Security-Policy.</param>
/// <param name="Notes">What is peculiar to it.</param>
public sealed record HostPolicy(string Host, string Policy, ImmutableArray<string> Notes);

/// <summary>
/// What hosts make of a widget's lists: the algorithm of the specification (ext-apps, draft, "CSP Construction from Metadata"), and what ChatGPT
/// and Claude were seen to do, which neither documents in full.
/// </summary>
internal static class HostPolicies
{
    private const string ClaudeAssets = "https://assets.claude.ai";

    public static ImmutableArray<HostPolicy> Of(IReadOnlyList<ExplainedList> lists) =>
        [
            Specification(new Final(lists, preferOpenAi: false)),
            ChatGpt(new Final(lists, preferOpenAi: true)),
            Claude(new Final(lists, preferOpenAi: false)),
        ];

    private static HostPolicy Specification(Final final)
    {
        var resources = final.Of(CspDirective.Resource);
        return new HostPolicy(
            "specification",
            Join(
                "default-src 'none'",
                $"script-src 'self' 'unsafe-inline'{resources}",
                $"style-src 'self' 'unsafe-inline'{resources}",
                final.IsEmpty ? "connect-src 'none'" : $"connect-src 'self'{final.Of(CspDirective.Connect)}",
                $"img-src 'self' data:{resources}",
                $"font-src 'self'{resources}",
                $"media-src 'self' data:{resources}",
                $"frame-src{final.Of(CspDirective.Frame, " 'none'")}",
                "object-src 'none'",
                $"base-uri{final.Of(CspDirective.BaseUri, " 'self'")}"
            ),
            ["a host may restrict further"]
        );
    }

    private static HostPolicy ChatGpt(Final final)
    {
        var resources = final.Of(CspDirective.Resource);
        List<string> notes = ["as observed; scripts may use eval and inline code there"];
        if (final.IsEmpty)
        {
            notes.Add("without a policy ChatGPT warns that it is not set, and nothing is loaded or connected to");
        }

        return new HostPolicy(
            "ChatGPT",
            Join(
                "default-src 'none'",
                $"script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline' 'unsafe-eval' blob:{resources}",
                $"style-src 'self' 'unsafe-inline'{resources}",
                $"connect-src 'self'{final.Of(CspDirective.Connect)}",
                $"img-src 'self' data:{resources}",
                $"font-src 'self'{resources}",
                $"media-src 'self' data:{resources}",
                $"frame-src{final.Of(CspDirective.Frame, " 'none'")}"
            ),
            [.. notes]
        );
    }

    private static HostPolicy Claude(Final final)
    {
        List<string> notes = ["as observed"];
        var lost = final.All.Where(source => !IsSecure(source)).Distinct(StringComparer.Ordinal).ToArray();
        if (lost.Length > 0)
        {
            notes.Add($"Claude silently drops what is not https: {string.Join(' ', lost)}");
        }

        if (final.Of(CspDirective.Frame).Length > 0)
        {
            notes.Add("Claude ignores frameDomains");
        }

        var resources = final.Of(CspDirective.Resource, accepts: IsSecure);
        return new HostPolicy(
            "Claude",
            Join(
                "default-src 'none'",
                $"script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data: {ClaudeAssets}{resources}",
                $"style-src 'self' 'unsafe-inline' {ClaudeAssets}{resources}",
                $"connect-src 'self'{final.Of(CspDirective.Connect, accepts: IsSecure)}",
                $"img-src 'self' data: blob:{resources} {ClaudeAssets}",
                $"font-src 'self' data: {ClaudeAssets}{resources}",
                $"media-src 'self' data: blob:{resources}",
                "frame-src 'self' blob: data:"
            ),
            [.. notes]
        );
    }

    private static bool IsSecure(string source) =>
        source.StartsWith("https://", StringComparison.Ordinal) || source.StartsWith("wss://", StringComparison.Ordinal);

    private static string Join(params ReadOnlySpan<string> directives) => string.Join("; ", directives!);

    /// <summary>The lists as a host reads them: of two spellings the one that it prefers.</summary>
    private sealed class Final(IReadOnlyList<ExplainedList> lists, bool preferOpenAi)
    {
        public bool IsEmpty => !lists.Any(list => list.Result.IsStated);

        public IEnumerable<string> All => lists.Where(list => !list.IsOpenAi).SelectMany(list => list.Result.Sources);

        public string Of(CspDirective directive, string otherwise = "", Func<string, bool>? accepts = null)
        {
            var sources = lists
                .Where(list => list.Directive == directive && list.Result.IsStated)
                .OrderByDescending(list => list.IsOpenAi == preferOpenAi)
                .Select(list => list.Result.Sources)
                .FirstOrDefault([])
                .Where(source => accepts?.Invoke(source) ?? true)
                .ToArray();
            return sources.Length == 0 ? otherwise : " " + string.Join(' ', sources);
        }
    }
}
