using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Tunnel.ProxyCore.History;

namespace Tunnel.Bench.History;

/// <summary>What a store needed to take a history and to show it.</summary>
/// <param name="Name">The store.</param>
/// <param name="EventsPerSecond">Written in batches of <see cref="BatchSize"/>; null where they were there.</param>
/// <param name="Bytes">What all of it takes then.</param>
/// <param name="Pages">The median and the greatest time of each page.</param>
internal sealed record StoreTimes(
    string Name,
    double? EventsPerSecond,
    long Bytes,
    IReadOnlyList<(string Page, TimeSpan Median, TimeSpan Greatest)> Pages
)
{
    public const int BatchSize = 1_000;

    /// <summary>How often each page is asked for, after <see cref="WarmUps"/> that do not count.</summary>
    private const int Rounds = 15;

    /// <summary>After so many the code is compiled as it stays.</summary>
    private const int WarmUps = 5;

    public static async Task<StoreTimes> MeasureAsync(
        string name,
        IHistoryStore store,
        GeneratedHistory made,
        Regex which,
        CancellationToken cancellationToken
    )
    {
        var isThere = (await store.StateAsync(cancellationToken)).Events == made.Count;
        var writing = isThere ? (TimeSpan?)null : await WriteAsync(store, made, cancellationToken);
        List<(string, TimeSpan, TimeSpan)> pages = [];
        foreach (var (page, ask) in HistoryPages.Of(store, made).Where(one => which.IsMatch(one.Page)))
        {
            var times = new List<TimeSpan>(Rounds);
            for (var round = -WarmUps; round < Rounds; round++)
            {
                var begun = Stopwatch.GetTimestamp();
                await ask(cancellationToken);
                if (round >= 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(begun));
                }
            }

            times.Sort();
            pages.Add((page, times[Rounds / 2], times[^1]));
            await Console.Error.WriteLineAsync($"{name}: {page}: {TimesOf(pages[^1])}");
        }

        var state = await store.StateAsync(cancellationToken);
        return new StoreTimes(name, made.Count / writing?.TotalSeconds, state.Bytes, pages);
    }

    /// <summary>As a table of Markdown.</summary>
    public static void Print(IReadOnlyList<StoreTimes> stores, TextWriter output)
    {
        Row("", stores.Select(store => store.Name));
        output.WriteLine($"|---|{string.Concat(stores.Select(_ => "--:|"))}");
        Row("written, events/s", stores.Select(store => store.EventsPerSecond?.ToString("N0", CultureInfo.InvariantCulture) ?? "-"));
        Row("size", stores.Select(store => $"{store.Bytes >> 20} MiB"));
        for (var page = 0; page < stores[0].Pages.Count; page++)
        {
            Row(stores[0].Pages[page].Page, stores.Select(store => TimesOf(store.Pages[page])));
        }

        void Row(string first, IEnumerable<string> others) => output.WriteLine($"| {first} | {string.Join(" | ", others)} |");
    }

    private static async Task<TimeSpan> WriteAsync(IHistoryStore store, GeneratedHistory made, CancellationToken cancellationToken)
    {
        var writing = TimeSpan.Zero;
        foreach (var batch in made.Batches(BatchSize))
        {
            var begun = Stopwatch.GetTimestamp();
            await store.WriteAsync(new HistoryBatch { Entries = batch }, cancellationToken);
            writing += Stopwatch.GetElapsedTime(begun);
        }

        await store.PruneAsync(made.To, new HistoryOptions { MaxBytes = long.MaxValue }, cancellationToken);
        return writing;
    }

    /// <summary><c>12.3 (14.5) ms</c>: the median, and the greatest.</summary>
    private static string TimesOf((string Page, TimeSpan Median, TimeSpan Greatest) page) =>
        string.Create(CultureInfo.InvariantCulture, $"{page.Median.TotalMilliseconds:N1} ({page.Greatest.TotalMilliseconds:N1}) ms");
}
