using System.Collections.Immutable;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>Where a widget is and is not reached.</summary>
public sealed record CspSurroundings
{
    /// <summary>What hosts can load from; null where there is none, and then nothing is made public.</summary>
    public CspSource? PublicOrigin { get; init; }

    /// <summary>The servers behind us, which hosts know by the public origin only.</summary>
    public ImmutableArray<CspSource> Behind { get; init; } = [];

    /// <summary>Whether the files of widgets are served through us, and not only through the MCP server.</summary>
    public bool ServesWidgets { get; init; }

    /// <summary>Whether they come from a development server, which tells of changes over a WebSocket.</summary>
    public bool HotReloads { get; init; }

    /// <summary>The public origin for what is an address of this machine or of a server behind us, by exact host and port; else null.</summary>
    public CspSource? MadePublic(CspSource source) =>
        PublicOrigin is not { } origin || !(source.IsLoopback || Behind.Any(source.HasAuthorityOf)) ? null
        : source.IsWebSocket ? origin.ForWebSockets()
        : origin;
}
