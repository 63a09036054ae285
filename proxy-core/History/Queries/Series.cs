namespace Tunnel.ProxyCore.History.Queries;

/// <summary>Who called what where. Events that share all of it are counted together.</summary>
public sealed record Series
{
    public required long Id { get; init; }

    public required string? Server { get; init; }

    public required string Type { get; init; }

    public required string? Method { get; init; }

    public required string? Tool { get; init; }

    public required string? Client { get; init; }

    public required string? ClientVersion { get; init; }

    public required string? ProtocolVersion { get; init; }

    public required string? Upstream { get; init; }

    /// <summary>When it was seen last.</summary>
    public required DateTimeOffset LastAt { get; init; }
}
