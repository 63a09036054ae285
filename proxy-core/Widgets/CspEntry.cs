namespace Tunnel.ProxyCore.Widgets;

/// <summary>A source of a list, and how it got there or why it had to go.</summary>
/// <param name="Source">As it is written into the policy; of what went, as it was.</param>
/// <param name="Reason">Who wanted it so.</param>
/// <param name="Detail">The source that it stands for, the pattern of the rule, or what is wrong.</param>
public sealed record CspEntry(string Source, CspReason Reason, string? Detail = null);

/// <summary>Why a source is in a list, or no longer is.</summary>
public enum CspReason
{
    /// <summary>The server declared it.</summary>
    Declared,

    /// <summary>The server declared it in the other spelling only, for the other kind of host.</summary>
    DeclaredElsewhere,

    /// <summary>The server declared an address of its own machine, which no host gets to; this is the public origin for it.</summary>
    MadePublic,

    /// <summary>A rule of the configuration adds it, or replaces what was there.</summary>
    Rule,

    /// <summary>Where the widget's own files come from.</summary>
    PublicOrigin,

    /// <summary>Where the development server's WebSocket is reached.</summary>
    HotReload,

    /// <summary>It cannot be part of a policy.</summary>
    Invalid,
}
