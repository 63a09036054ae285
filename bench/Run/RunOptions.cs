using System.Text.RegularExpressions;

namespace Tunnel.Bench.Run;

/// <summary>What was asked for on the command line.</summary>
internal sealed record RunOptions
{
    /// <summary>Only to see that everything works: little of everything, nothing is installed, and what is missing is a failure.</summary>
    public required bool IsQuick { get; init; }

    /// <summary>The curves in place of the comparisons: ever more held streams, and ever more tunnels.</summary>
    public required bool IsScale { get; init; }

    /// <summary>How often every load is put on every path.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long each time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Stages to run.</summary>
    public required Regex Only { get; init; }

    /// <summary>Paths to compare in them.</summary>
    public required Regex Paths { get; init; }

    /// <summary>Programs that somebody has: names and files.</summary>
    public required IReadOnlyDictionary<string, string> Peers { get; init; }

    /// <summary>Other builds of this repository to measure beside that of this checkout: names and folders.</summary>
    public required IReadOnlyDictionary<string, string> Builds { get; init; }

    /// <summary>A document whose tables are replaced by those of this run.</summary>
    public required FileInfo? Into { get; init; }

    /// <summary>Ends the run, whatever is still to do.</summary>
    public required TimeSpan Limit { get; init; }
}
