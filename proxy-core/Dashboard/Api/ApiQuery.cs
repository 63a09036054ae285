using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>The parameters that answers share.</summary>
internal sealed class ApiQuery(IQueryCollection query, DateTimeOffset now)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    /// <summary>Values of one parameter; nobody asks for more by hand.</summary>
    private const int MaxValues = 200;

    private static readonly TimeSpan s_defaultSpan = TimeSpan.FromHours(1);

    private static readonly string[] s_statuses = ["ok", "error", "tool_error", "failed"];

    public DateTimeOffset Now => now;

    public int Limit => Number("limit", 1, MaxLimit) ?? DefaultLimit;

    public HistoryFilter Filter
    {
        get
        {
            var to = Time("until") ?? now;
            var from = Time("since") ?? to - s_defaultSpan;
            return from < to
                ? new HistoryFilter
                {
                    From = from,
                    To = to,
                    Servers = Texts("server"),
                    Tools = Texts("tool"),
                    Clients = Texts("client"),
                    Statuses = Moments.StatusesOf(Words("status", s_statuses)),
                }
                : throw new ApiProblemException(StatusCodes.Status400BadRequest, "since: is after until");
        }
    }

    public EventQuery Events =>
        new()
        {
            Filter = Filter,
            Types = Texts("type"),
            Methods = Texts("method"),
            SessionKey = Text("session"),
            Text = Text("q"),
            AtLeast = Number("min_ms", 0, int.MaxValue) is { } least ? TimeSpan.FromMilliseconds(least) : null,
            IsOldestFirst = Word("order", "newest", "oldest") == "oldest",
            Cursor =
                Text("cursor") is not { } cursor ? null
                : EventCursor.TryParse(cursor, out var parsed) ? parsed
                : throw Wrong("cursor", cursor, "no place in a list"),
            Limit = Limit,
        };

    public string? Text(string name) => query.TryGetValue(name, out var value) && value is [{ Length: > 0 } text, ..] ? text : null;

    public bool? Flag(string name) =>
        Text(name) switch
        {
            null => null,
            "true" => true,
            "false" => false,
            { } other => throw Wrong(name, other, "neither true nor false"),
        };

    /// <returns>The word, or the first of those that there are.</returns>
    public string Word(string name, params string[] words) =>
        Text(name) is not { } word ? words[0]
        : words.Contains(word, StringComparer.Ordinal) ? word
        : throw Wrong(name, word, $"none of {string.Join(", ", words)}");

    private IEnumerable<string> Words(string name, string[] words) =>
        Texts(name)
            .Select(word =>
                words.Contains(word, StringComparer.Ordinal) ? word : throw Wrong(name, word, $"none of {string.Join(", ", words)}")
            );

    private ImmutableArray<string> Texts(string name)
    {
        var values = query.TryGetValue(name, out var given) ? given.OfType<string>().ToImmutableArray() : [];
        return values.Length <= MaxValues
            ? values
            : throw new ApiProblemException(StatusCodes.Status400BadRequest, $"{name}: more than {MaxValues} values");
    }

    private int? Number(string name, int least, int most) =>
        Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"no number from {least} to {most}"));

    private DateTimeOffset? Time(string name) =>
        Text(name) is not { } text
            ? null
            : Moments.Parse(text, now) ?? throw Wrong(name, text, "no time; it looks like 15m, 6h, 7d or 2026-11-21T10:00:00Z");

    private static ApiProblemException Wrong(string name, string value, string what) =>
        new(StatusCodes.Status400BadRequest, $"{name}: '{(value.Length > 80 ? value[..80] : value)}' is {what}");
}
