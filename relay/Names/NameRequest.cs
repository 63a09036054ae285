namespace Tunnel.Relay.Names;

/// <summary>What a connector asks for when it opens a tunnel.</summary>
internal sealed record NameRequest
{
    public required NameOwner Owner { get; init; }

    /// <summary>The fingerprint of what is tunnelled; an owner's project keeps its name.</summary>
    public required string Project { get; init; }

    /// <summary>The name asked for, or null for the one of the project.</summary>
    public string? Wanted { get; init; }

    /// <summary>Names to try in this order where the project has none yet; the first free one is taken. Drawn by the caller, so that a store can decide in one step.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>Whether to share the name with others of the owner who asked for the same.</summary>
    public bool Joins { get; init; }
}
