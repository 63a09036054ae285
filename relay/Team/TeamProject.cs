using Tunnel.ProxyCore.History;

namespace Tunnel.Relay.Team;

/// <summary>What a team looks at together: the events of any number of servers in one history.</summary>
internal sealed record TeamProject
{
    public const int MinNameLength = 3;
    public const int MaxNameLength = 63;

    /// <summary>Less would be gone before anybody looks.</summary>
    public static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(1);

    /// <summary>An empty history takes up a tenth of that.</summary>
    public const long LeastBytes = 1 << 20;

    /// <summary>What is kept of its events unless somebody says otherwise: 30 days and 1 GiB.</summary>
    public static readonly HistoryOptions DefaultKeep = new() { MaxAge = TimeSpan.FromDays(30), MaxBytes = 1L << 30 };

    /// <summary>Its number, which no other project ever gets; its history is found by this.</summary>
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How much of its history is kept.</summary>
    public required HistoryOptions Keep { get; init; }

    /// <summary>Whether a project can be called so: <c>acme-prod</c>.</summary>
    public static bool IsName(string name) =>
        name.Length is >= MinNameLength and <= MaxNameLength
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
        && name[0] != '-'
        && name[^1] != '-';
}
