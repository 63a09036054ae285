using System.Globalization;

namespace Tunnel.Bench.Load;

/// <summary>What a workload is told; each reads what it needs.</summary>
internal sealed record LoadOptions
{
    /// <summary>What begins before the end may take this long to finish: opening streams, and the last answers.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(20);

    /// <summary>Where the connections go to.</summary>
    public required Uri Url { get; init; }

    /// <summary>The <c>Host</c> header; that of <see cref="Url"/> if nobody says otherwise.</summary>
    public required string Host { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>How many call at once, one after the other each. In an open loop the connections at most.</summary>
    public required int Callers { get; init; }

    /// <summary>Calls a second, in an open loop.</summary>
    public required int Rate { get; init; }

    /// <summary>Event streams that are open meanwhile.</summary>
    public required int Held { get; init; }

    /// <summary>Size of a body or a result.</summary>
    public required int Bytes { get; init; }

    /// <summary>Events of a stream, and milliseconds between them.</summary>
    public required int Events { get; init; }

    public required int Gap { get; init; }

    /// <summary>MCP sessions that the callers share.</summary>
    public required int Sessions { get; init; }

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    public static LoadOptions Parse(ReadOnlySpan<string> args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at + 1 < args.Length; at += 2)
        {
            given[args[at]] = args[at + 1];
        }

        var url = new Uri(given["--url"]);
        return new LoadOptions
        {
            Url = url,
            Host = given.GetValueOrDefault("--host", url.Authority),
            Duration = TimeSpan.FromSeconds(double.Parse(given.GetValueOrDefault("--seconds", "2"), CultureInfo.InvariantCulture)),
            Callers = Number("--callers", 1),
            Rate = Number("--rate", 500),
            Held = Number("--held", 0),
            Bytes = Number("--bytes", 1024),
            Events = Number("--events", 20),
            Gap = Number("--gap", 5),
            Sessions = Number("--sessions", 1),
        };

        int Number(string name, int otherwise) =>
            given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
