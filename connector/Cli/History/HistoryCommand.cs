using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.History.Sqlite;

namespace Tunnel.Connector.Cli.History;

/// <summary>What commands that show a part of the history have in common: they read the file, also while others write to it, and start nothing.</summary>
/// <param name="Store">The history.</param>
/// <param name="Result">The command line.</param>
/// <param name="Ink">Colours, where text goes to a terminal.</param>
/// <param name="Stopping">Ctrl+C.</param>
internal sealed record HistoryCommand(IHistoryStore Store, ParseResult Result, Ink Ink, CancellationToken Stopping)
{
    /// <summary>How far back where nothing is said.</summary>
    public static readonly TimeSpan DefaultSpan = TimeSpan.FromDays(1);

    /// <summary>Cells are no longer than this; rows should fit on a screen.</summary>
    private const int MaxCell = 60;

    public bool IsJson => Result.GetValue(HistoryArguments.Json);

    public int Limit => HistoryArguments.LimitOf(Result);

    public HistoryReports Reports => new(Store);

    public static Command Create(string name, string description, bool hasStatus, Func<HistoryCommand, Task> show, params Option[] options)
    {
        var command = new Command(name, description);
        HistoryArguments.AddTo(command, hasStatus);
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction((result, stopping) => RunAsync(result, show, stopping));
        return command;
    }

    public HistoryFilter Filter(TimeSpan? span = null) =>
        HistoryArguments.FilterOf(Result, TimeProvider.System.GetUtcNow(), span ?? DefaultSpan);

    /// <summary>Text from the wire as a cell.</summary>
    public static string Plain(string? text) => PlainText.Of(text ?? "-", MaxCell);

    public static string Time(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, TimeZoneInfo.Local);
        var isToday = local.Date == TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.Local).Date;
        return local.ToString(isToday ? "HH:mm:ss" : "MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
    }

    public static string Time(TimeSpan? time) => time is { } known ? Units.Duration(known) : "-";

    public void WriteJson<T>(T row, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(row, type));

    /// <summary>Writes a table, or on standard error that there is nothing to write.</summary>
    public void Write(TextTable table, string nothing)
    {
        if (table.Count > 0)
        {
            table.WriteTo(Console.Out);
        }
        else
        {
            Console.Error.WriteLine($"mcpr: {nothing}");
        }
    }

    private static async Task<int> RunAsync(ParseResult result, Func<HistoryCommand, Task> show, CancellationToken stopping)
    {
        using var live = SettingOptions.Load(result, ConfigurationFolders.OfThisProcess(), out var refusal);
        if (live is null)
        {
            return refusal!.Report();
        }

        if (live.Problems.Count > 0)
        {
            return ProblemReport.Write(live.Problems);
        }

        var path = HistoryFile.PathOf(live.Current);
        try
        {
            if (HistoryDatabase.Find(path) is not { } database)
            {
                return new Refusal(
                    ExitCodes.Failure,
                    $"there is no history: {path} is not there",
                    "it begins with the first mcpr proxy, tunnel or serve that runs without --history=false"
                ).Report();
            }

            var ink = Ink.For(
                live.Current.Get(ConfigurationSchema.Color),
                isTerminal: !Console.IsOutputRedirected,
                Environment.GetEnvironmentVariable
            );
            await show(new HistoryCommand(new SqliteHistoryStore(database), result, ink, stopping));
            return ExitCodes.Success;
        }
        catch (HistoryUnavailableException unusable)
        {
            return new Refusal(
                ExitCodes.Failure,
                $"{path} cannot be read: {unusable.Message}",
                "if it is broken, delete it; a new one begins with the next start"
            ).Report();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
        catch (IOException)
        {
            // Whoever read our output has seen enough (mcpr logs | head).
            return ExitCodes.Success;
        }
    }
}
