namespace Tunnel.Relay.Team.Alerts;

/// <summary>What is to be told, written down with the change that it tells, so that no stop of a relay loses or doubles it.</summary>
internal sealed record AlertMessage
{
    public required string Id { get; init; }

    public required string RuleId { get; init; }

    /// <summary>JSON.</summary>
    public required byte[] Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Tries { get; init; }

    public static string NewId() => $"msg_{Guid.CreateVersion7():N}";
}
