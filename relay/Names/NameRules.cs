using System.Buffers;
using System.Collections.Frozen;

namespace Tunnel.Relay.Names;

/// <summary>Which names a tunnel may have: one DNS label (RFC 1035 section 2.3.1), a little stricter.</summary>
internal static class NameRules
{
    private const int MinLength = 3;
    private const int MaxLength = 63;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    // Names that people trust, that mail and certificate checks use, or that the relay may want for itself.
    private static readonly FrozenSet<string> s_reserved = FrozenSet.ToFrozenSet(
        [
            "abuse",
            "account",
            "accounts",
            "admin",
            "administrator",
            "api",
            "app",
            "auth",
            "autoconfig",
            "autodiscover",
            "billing",
            "blog",
            "cdn",
            "cloud",
            "connect",
            "console",
            "control",
            "dashboard",
            "dns",
            "docs",
            "ftp",
            "help",
            "hostmaster",
            "imap",
            "login",
            "mail",
            "mcpr",
            "metrics",
            "mta-sts",
            "ns1",
            "ns2",
            "oauth",
            "ops",
            "pop",
            "postmaster",
            "probe",
            "proxy",
            "register",
            "relay",
            "root",
            "secure",
            "security",
            "signin",
            "signup",
            "smtp",
            "ssl",
            "sso",
            "staging",
            "static",
            "status",
            "studio",
            "support",
            "system",
            "test",
            "tunnel",
            "webmail",
            "webmaster",
            "wpad",
            "www",
        ],
        StringComparer.Ordinal
    );

    /// <summary>The name in its one spelling, or null when it is not allowed.</summary>
    public static string? Normalize(string wanted)
    {
        var name = wanted.ToLowerInvariant();
        var isAllowed =
            name.Length is >= MinLength and <= MaxLength
            && !name.AsSpan().ContainsAnyExcept(s_allowed)
            && name[0] != '-'
            && name[^1] != '-'
            && !name.StartsWith("xn--", StringComparison.Ordinal)
            && !s_reserved.Contains(name);
        return isAllowed ? name : null;
    }
}
