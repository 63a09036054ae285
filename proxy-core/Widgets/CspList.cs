using System.Collections.Immutable;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>What a widget's metadata says for one directive once the rules have been applied.</summary>
/// <param name="Entries">The sources, in the order in which they are written.</param>
/// <param name="Dropped">What was declared or configured and is not among them.</param>
/// <param name="IsStated">Whether the list is to be there at all. An empty list that is there forbids, one that is not leaves it to the host.</param>
public sealed record CspList(ImmutableArray<CspEntry> Entries, ImmutableArray<CspEntry> Dropped, bool IsStated)
{
    public IEnumerable<string> Sources => Entries.Select(entry => entry.Source);
}
