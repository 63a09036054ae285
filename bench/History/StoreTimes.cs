using System.Diagnostics;
using System.Globalization;
using Tunnel.ProxyCore.History;

namespace Tunnel.Bench.History;

/// <summary>What a store needed to take a history and to show it.</summary>
/// <param name="Name">The store.</param>
/// <param name="EventsPerSecond">Written in batches of <see cref="BatchSize"/>.</param>
/// <param name="Bytes">What all of it takes then.</param>
/// <param name="Pages">The median of each page.</param>
internal sealed record StoreTimes(string Name, double EventsPerSecond, long Bytes, IReadOnlyList<(string Page, TimeSpan Median)> Pages)
{
    public const int BatchSize = 1_000;

    /// <summary>How often each page is asked for, after once that does not count.</summary>
    private const int Rounds = 5;

    public static async Task<StoreTimes> MeasureAsync(
        string name,
        IHistoryStore store,
        GeneratedHistory made,
        CancellationToken cancellationToken
    )
    {
        var writing = TimeSpan.Zero;
        foreach (var batch in made.Batches(BatchSize))
        {
            var begun = Stopwatch.GetTimestamp();
            await store.WriteAsync(new HistoryBatch { Entries = batch }, cancellationToken);
            writing += Stopwatch.GetElapsedTime(begun);
        }

        await store.PruneAsync(made.To, new HistoryOptions { MaxBytes = long.MaxValue }, cancellationToken);
        List<(string, TimeSpan)> pages = [];
        foreach (var (page, ask) in HistoryPages.Of(store, made))
        {
            await ask(cancellationToken);
            var times = new List<TimeSpan>(Rounds);
            for (var round = 0; round < Rounds; round++)
            {
                var begun = Stopwatch.GetTimestamp();
                await ask(cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(begun));
            }

            times.Sort();
            pages.Add((page, times[Rounds / 2]));
            await Console.Error.WriteLineAsync($"{name}: {page}: {Milliseconds(times[Rounds / 2])}");
        }

        var state = await store.StateAsync(cancellationToken);
        return new StoreTimes(name, made.Count / writing.TotalSeconds, state.Bytes, pages);
    }

    /// <summary>As a table of Markdown.</summary>
    public static void Print(IReadOnlyList<StoreTimes> stores, TextWriter output)
    {
        Row("", stores.Select(store => store.Name));
        output.WriteLine($"|---|{string.Concat(stores.Select(_ => "--:|"))}");
        Row("written, events/s", stores.Select(store => store.EventsPerSecond.ToString("N0", CultureInfo.InvariantCulture)));
        Row("size", stores.Select(store => $"{store.Bytes >> 20} MiB"));
        for (var page = 0; page < stores[0].Pages.Count; page++)
        {
            Row(stores[0].Pages[page].Page, stores.Select(store => Milliseconds(store.Pages[page].Median)));
        }

        void Row(string first, IEnumerable<string> others) => output.WriteLine($"| {first} | {string.Join(" | ", others)} |");
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("N1", CultureInfo.InvariantCulture) + " ms";
}
