namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>Which names of one kind callers get to see, and how they are called. Patterns are about the server's own names.</summary>
public sealed record NameRuleOptions
{
    /// <summary>Patterns of which a name has to match one; none lets every name through.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Patterns of which a name may match none.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Other names for callers; the first that fits a name counts.</summary>
    public IReadOnlyList<Renaming> Rename { get; init; } = [];
}
