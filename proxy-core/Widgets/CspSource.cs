using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// Somewhere that a widget may load from or connect to (CSP level 3 section 2.3.1, host-source): <c>https://*.example.com:8443/assets/</c>.
/// There is one spelling of it: scheme and host in lower case, names as ASCII, no default port, no slash at the end of a bare origin.
/// </summary>
public sealed record CspSource
{
    /// <summary>Longer than any address that somebody writes into a policy.</summary>
    private const int MaxLength = 1024;

    private const string Wildcard = "*.";

    // What ends a source, a directive or a header, or stands in no address.
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create(" ;,\"\\<>`{}|^");

    private static readonly IdnMapping s_names = new() { UseStd3AsciiRules = false };

    private CspSource() { }

    /// <summary>http, https, ws or wss.</summary>
    public required string Scheme { get; init; }

    /// <summary>A name, <c>*.</c> and a name, or an address; one of IPv6 in brackets.</summary>
    public required string Host { get; init; }

    /// <summary>Null for the scheme's own, <c>*</c> for any.</summary>
    public string? Port { get; init; }

    /// <summary>Where it is less than the whole origin, a path that begins with a slash; else empty.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>Whether it is a WebSocket's.</summary>
    public bool IsWebSocket => Scheme is "ws" or "wss";

    private bool IsSecure => Scheme is "https" or "wss";

    private string PortInUse => Port ?? (IsSecure ? "443" : "80");

    /// <param name="text">An origin, a bare host (which means https), either with a wildcard in front.</param>
    /// <param name="source">What it says, spelled in the one way.</param>
    /// <param name="problem">Why it is none, in words that follow its quotation.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out CspSource? source, [NotNullWhen(false)] out string? problem)
    {
        source = null;
        var written = text.Trim(' ');
        problem = FindForbidden(written);
        if (problem is not null)
        {
            return false;
        }

        var schemeEnd = written.IndexOf("://", StringComparison.Ordinal);
        var scheme = schemeEnd < 0 ? "https" : written[..schemeEnd].ToLowerInvariant();
        if (scheme is not ("http" or "https" or "ws" or "wss"))
        {
            problem = "has a scheme that is none of http, https, ws and wss";
            return false;
        }

        var rest = written.AsSpan(schemeEnd < 0 ? 0 : schemeEnd + 3);
        // A policy knows no query and no fragment.
        rest = rest[..IndexOrEnd(rest, "?#")];
        var authority = rest[..IndexOrEnd(rest, "/")];
        var path = rest[authority.Length..];
        if (!TrySplit(authority, out var host, out var port))
        {
            problem = "has no usable host or port; it looks like https://api.example.com";
            return false;
        }

        var byDefault = scheme is "https" or "wss" ? "443" : "80";
        source = new CspSource
        {
            Scheme = scheme,
            Host = host,
            Port = port == byDefault ? null : port,
            Path = path is "/" ? string.Empty : path.ToString(),
        };
        return true;
    }

    /// <summary>The same place for WebSockets, with or without TLS as this is.</summary>
    public CspSource ForWebSockets() => this with { Scheme = IsSecure ? "wss" : "ws" };

    /// <summary>Whether it is on the machine that mcpr runs on, where no host of widgets gets to.</summary>
    public bool IsLoopback =>
        Host == "localhost"
        || (
            IPAddress.TryParse(Host, out var address)
            && (IPAddress.IsLoopback(address) || IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address))
        );

    /// <summary>Whether both have the same host and port, exactly; one is not part of the other, and the schemes may differ.</summary>
    public bool HasAuthorityOf(CspSource other) => Host == other.Host && PortInUse == other.PortInUse;

    public override string ToString() => $"{Scheme}://{Host}{(Port is null ? "" : ":")}{Port}{Path}";

    /// <summary>What would end the source, the directive or the policy, and go on as something else.</summary>
    private static string? FindForbidden(string text) =>
        text.Length == 0 ? "is empty"
        : text.Length > MaxLength ? $"is longer than {MaxLength} characters"
        : text.Contains('\'', StringComparison.Ordinal) ? "is a keyword of a policy, not a place; only places can be given"
        : text.AsSpan().ContainsAny(s_forbidden) || text.Any(char.IsWhiteSpace) || text.Any(char.IsControl)
            ? "has a character that no address has"
        : null;

    private static int IndexOrEnd(ReadOnlySpan<char> text, ReadOnlySpan<char> any) =>
        text.IndexOfAny(any) is >= 0 and var at ? at : text.Length;

    private static bool TrySplit(ReadOnlySpan<char> authority, [NotNullWhen(true)] out string? host, out string? port)
    {
        (host, port) = (null, null);
        if (authority.Contains('@'))
        {
            return false;
        }

        // [::1]:5173
        var colon = authority.LastIndexOf(':');
        if (colon > authority.LastIndexOf(']'))
        {
            var digits = authority[(colon + 1)..];
            if (digits is "*")
            {
                port = "*";
            }
            else if (
                int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and <= IPEndPoint.MaxPort
            )
            {
                port = number.ToString(CultureInfo.InvariantCulture);
            }
            else
            {
                return false;
            }

            authority = authority[..colon];
        }

        host = HostOf(authority.ToString());
        return host is not null;
    }

    private static string? HostOf(string text)
    {
        if (text.StartsWith(Wildcard, StringComparison.Ordinal))
        {
            return NameOf(text[Wildcard.Length..]) is { } parent && !IPAddress.TryParse(parent, out _) ? Wildcard + parent : null;
        }

        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            return IPAddress.TryParse(text, out var address)
                ? address.IsIPv4MappedToIPv6
                    ? address.MapToIPv4().ToString()
                    : $"[{address}]"
                : null;
        }

        // Browsers read 127.1, 2130706433 and 0x7f000001 as addresses too (WHATWG URL section 3.5, "ends in a number").
        return NameOf(text) is not { } name ? null
            : char.IsAsciiDigit(name[name.LastIndexOf('.') + 1])
                ? IPAddress.TryParse(name, out var number) ? number.ToString()
                    : null
            : name;
    }

    private static string? NameOf(string text)
    {
        try
        {
            var name = s_names.GetAscii(text.TrimEnd('.')).ToLowerInvariant();
            return name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') ? name : null;
        }
        catch (ArgumentException)
        {
            // Not a name: an empty label, or characters that names cannot have.
            return null;
        }
    }
}
