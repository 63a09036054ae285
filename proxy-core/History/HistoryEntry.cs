using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History;

/// <summary>An event on its way into the history.</summary>
/// <param name="Id">Made once, when it happened (UUID version 7): writing it again changes nothing.</param>
/// <param name="Event">What happened.</param>
public sealed record HistoryEntry(Guid Id, McpEvent Event);

/// <summary>What is written at once: all of it or nothing.</summary>
public sealed record HistoryBatch
{
    public IReadOnlyList<HistoryEntry> Entries { get; init; } = [];

    /// <summary>What servers have said of their tools.</summary>
    public IReadOnlyList<ToolListing> Listings { get; init; } = [];

    /// <summary>What was lost before these. Those that are there already change nothing, as with entries.</summary>
    public IReadOnlyList<HistoryLoss> Losses { get; init; } = [];
}

/// <summary>Events that are in no history because there were too many at once.</summary>
/// <param name="Id">Made once, when it was noticed.</param>
/// <param name="At">When that was.</param>
/// <param name="Count">How many.</param>
public sealed record HistoryLoss(Guid Id, DateTimeOffset At, long Count);

/// <summary>What a server said of its tools, as callers got to see it.</summary>
/// <param name="Server">The server.</param>
/// <param name="At">When.</param>
/// <param name="IsComplete">Whether these are all, so that one that is missing is gone.</param>
/// <param name="Tools">The tools.</param>
public sealed record ToolListing(string Server, DateTimeOffset At, bool IsComplete, IReadOnlyList<ToolDefinition> Tools);

/// <summary>A tool's contract.</summary>
/// <param name="Name">Its name for callers.</param>
/// <param name="Hash">Of <paramref name="Json"/>, so that the same contract is known again.</param>
/// <param name="Json">Its definition with members in order of their names, without <c>_meta</c>.</param>
public sealed record ToolDefinition(string Name, string Hash, string Json)
{
    /// <summary>64 bits are enough to tell the versions of one tool from each other.</summary>
    private const int HashBytes = 8;

    public static string HashOf(string json) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, HashBytes));
}
