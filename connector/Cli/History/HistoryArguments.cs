using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Connector.Cli.History;

/// <summary>The options that say which part of the history is meant, the same for every command that shows some of it.</summary>
internal static class HistoryArguments
{
    public static readonly Option<bool> Json = new("--json") { Description = "JSON, a row a line, in place of text" };

    private static readonly Option<string?> s_since = Moment("--since", "From when on: 15m, 6h, 7d back from now, or 2026-11-21T10:00:00");

    private static readonly Option<string?> s_until = Moment("--until", "Until when, in the same way; now if not given");

    private static readonly Option<string[]> s_server = new("--server") { HelpName = "name", Description = "Only this server" };

    private static readonly Option<string[]> s_tool = new("--tool") { HelpName = "name", Description = "Only this tool" };

    private static readonly Option<string[]> s_client = new("--client")
    {
        HelpName = "name",
        Description = "Only this client, such as ChatGPT",
    };

    private static readonly Option<string[]> s_status = new Option<string[]>("--status")
    {
        HelpName = "ok|error|tool_error|failed",
        Description = "Only what ended so; failed is error and tool_error",
    }.AcceptOnlyFromAmong("ok", "error", "tool_error", "failed");

    private static readonly Option<int> s_limit = Rows();

    /// <param name="command">The command.</param>
    /// <param name="hasStatus">Whether outcomes can be chosen there.</param>
    public static void AddTo(Command command, bool hasStatus)
    {
        foreach (var option in (Option[])[s_since, s_until, s_server, s_tool, s_client])
        {
            command.Add(option);
        }

        if (hasStatus)
        {
            command.Add(s_status);
        }

        command.Add(s_limit);
        command.Add(Json);
        SettingOptions.AddFileTo(command);
    }

    public static bool HasSince(ParseResult result) => result.GetValue(s_since) is not null;

    public static int LimitOf(ParseResult result) => result.GetValue(s_limit);

    /// <param name="result">The command line.</param>
    /// <param name="now">The moment that spans go back from.</param>
    /// <param name="span">How far back where nothing is said.</param>
    public static HistoryFilter FilterOf(ParseResult result, DateTimeOffset now, TimeSpan span)
    {
        var to = Moments.Parse(result.GetValue(s_until), now) ?? now;
        return new HistoryFilter
        {
            From = Moments.Parse(result.GetValue(s_since), now) ?? to - span,
            To = to,
            Servers = [.. result.GetValue(s_server) ?? []],
            Tools = [.. result.GetValue(s_tool) ?? []],
            Clients = [.. result.GetValue(s_client) ?? []],
            Statuses = Moments.StatusesOf(result.GetValue(s_status) ?? []),
        };
    }

    private static Option<string?> Moment(string name, string description)
    {
        var option = new Option<string?>(name) { HelpName = "time", Description = description };
        option.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && Moments.Parse(token.Value, DateTimeOffset.UnixEpoch) is null)
            {
                given.AddError($"{name}: '{token.Value}' is no time; it looks like 15m, 6h, 7d or 2026-11-21T10:00:00");
            }
        });
        return option;
    }

    private static Option<int> Rows()
    {
        const int MaxRows = 10_000;
        var option = new Option<int>("--limit", "-n")
        {
            HelpName = "number",
            Description = "How many rows at most",
            DefaultValueFactory = _ => 20,
        };
        option.Validators.Add(given =>
        {
            if (
                given.Tokens is [var token]
                && !(
                    int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MaxRows
                )
            )
            {
                given.AddError($"--limit: '{token.Value}' is no number from 1 to {MaxRows}");
            }
        });
        return option;
    }
}
