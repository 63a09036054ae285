using System.Text.RegularExpressions;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>The revisions of MCP, as far as the bridge has to tell them apart. They are dates, so they compare as texts.</summary>
internal static partial class Revisions
{
    /// <summary>The first without sessions and without <c>initialize</c>.</summary>
    public const string FirstModern = "2026-07-28";

    /// <summary>The last that begins with <c>initialize</c>; what the bridge speaks to a server of that time.</summary>
    public const string LastLegacy = "2025-11-25";

    public static bool IsModern(string? revision) =>
        revision is not null && Date().IsMatch(revision) && string.CompareOrdinal(revision, FirstModern) >= 0;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Date();
}
