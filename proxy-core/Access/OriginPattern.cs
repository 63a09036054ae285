using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Tunnel.ProxyCore.Access;

/// <summary>
/// Origins (RFC 6454) that a list names: <c>https://app.example.com</c>, <c>https://*.example.com</c> for every name below it, <c>null</c>
/// for pages that hide theirs, or <c>*</c> for all.
/// </summary>
public sealed class OriginPattern
{
    private const string AnyLabel = "*.";

    private static readonly SearchValues<char> s_hostCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
    );

    private readonly string _text;
    private readonly int _wildcard;

    private OriginPattern(string text)
    {
        _text = text;
        _wildcard = text.IndexOf(AnyLabel, StringComparison.Ordinal);
    }

    public static OriginPattern Any { get; } = new("*");

    public bool IsAny => _text == "*";

    /// <summary>Reads a pattern; an origin is taken to its serialized form, in lower case and without the port that its scheme has anyway.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out OriginPattern? pattern)
    {
        pattern = text is "*" or "null" ? new OriginPattern(text) : null;
        if (pattern is not null)
        {
            return true;
        }

        // A host that no origin has holds the place of the star while the rest is checked.
        const string placeholder = "any-label.";
        var wildcard = text.IndexOf("://" + AnyLabel, StringComparison.Ordinal);
        var plain = wildcard < 0 ? text : text.Remove(wildcard + 3, AnyLabel.Length).Insert(wildcard + 3, placeholder);
        if (
            plain.Contains('*', StringComparison.Ordinal)
            || !Uri.TryCreate(plain, UriKind.Absolute, out var uri)
            || uri.Host.Length == 0
            || uri.UserInfo.Length > 0
            || uri.PathAndQuery.Length > 1
            || uri.Fragment.Length > 0
        )
        {
            return false;
        }

        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        var origin = $"{uri.Scheme}://{host}{(uri.IsDefaultPort ? string.Empty : $":{uri.Port}")}";
        pattern = new OriginPattern(wildcard < 0 ? origin : origin.Replace(placeholder, AnyLabel, StringComparison.Ordinal));
        return true;
    }

    /// <param name="origin">The header as a browser writes it.</param>
    public bool Matches(string origin)
    {
        if (IsAny)
        {
            return true;
        }

        if (_wildcard < 0)
        {
            return origin.Equals(_text, StringComparison.OrdinalIgnoreCase);
        }

        var (before, after) = (_text[.._wildcard], _text[(_wildcard + 1)..]);
        return origin.Length > before.Length + after.Length
            && origin.StartsWith(before, StringComparison.OrdinalIgnoreCase)
            && origin.EndsWith(after, StringComparison.OrdinalIgnoreCase)
            && !origin.AsSpan(before.Length, origin.Length - before.Length - after.Length).ContainsAnyExcept(s_hostCharacters);
    }

    public override string ToString() => _text;
}
