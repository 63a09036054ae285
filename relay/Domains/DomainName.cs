using System.Buffers;

namespace Tunnel.Relay.Domains;

/// <summary>Which domains of their own people may use: host names as DNS and certificates take them (RFC 1123 section 2.1).</summary>
internal static class DomainName
{
    /// <summary>The label below a domain where its owner puts the proof.</summary>
    public const string ProofLabel = "_mcpr-challenge";

    private const int MaxLabelLength = 63;

    /// <summary>253 for the name (RFC 1035 section 2.3.4) less what goes before it for the proof.</summary>
    private const int MaxLength = 253 - 16;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The domain in its one spelling: lower case, without the full stop at the end. Null when it is none that could be public.</summary>
    public static string? Normalize(string written)
    {
        var domain = WithoutRoot(written).ToLowerInvariant();
        var labels = domain.Split('.');
        // An address has a number last, which no top-level domain is (RFC 3696 section 2).
        return labels.Length >= 2 && domain.Length <= MaxLength && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit)
            ? domain
            : null;
    }

    /// <summary><c>example.com.</c> is <c>example.com</c>, from the root of DNS.</summary>
    public static string WithoutRoot(string host) => host.EndsWith('.') ? host[..^1] : host;

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength && !label.AsSpan().ContainsAnyExcept(s_allowed) && label[0] != '-' && label[^1] != '-';
}
