using System.Collections.Immutable;

namespace Tunnel.ProxyCore.History.Queries;

/// <summary>Which part of the history is meant. An empty list leaves everything.</summary>
public sealed record HistoryFilter
{
    public required DateTimeOffset From { get; init; }

    /// <summary>The first moment that does not belong to it.</summary>
    public required DateTimeOffset To { get; init; }

    public ImmutableArray<string> Servers { get; init; } = [];

    public ImmutableArray<string> Tools { get; init; } = [];

    public ImmutableArray<string> Clients { get; init; } = [];

    /// <summary>Values of <see cref="Events.McpEvent.Status"/>.</summary>
    public ImmutableArray<string> Statuses { get; init; } = [];
}

/// <summary>Which events are meant, and in which order.</summary>
public sealed record EventQuery
{
    public required HistoryFilter Filter { get; init; }

    public ImmutableArray<string> Types { get; init; } = [];

    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>The number of a session, or null for all.</summary>
    public long? Session { get; init; }

    /// <summary>A session by its own key.</summary>
    public string? SessionKey { get; init; }

    /// <summary>A part of the tool, method, path, error or widget, or a whole request id.</summary>
    public string? Text { get; init; }

    public TimeSpan? AtLeast { get; init; }

    public bool IsOldestFirst { get; init; }

    /// <summary>Where the page before has ended.</summary>
    public EventCursor? Cursor { get; init; }

    /// <summary>Only events that were written after this one, in that order; time does not count then.</summary>
    public long? After { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 100;
}
