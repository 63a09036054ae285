using System.Globalization;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History;

namespace Tunnel.Bench.History;

/// <summary>A week of events, the same with every run: few tools have most of the calls, a few in a hundred fail, and one in a hundred is of a widget.</summary>
/// <param name="count">How many.</param>
internal sealed class GeneratedHistory(int count)
{
    public const string RareTool = "export_ledger";

    private const int Tools = 60;
    private const int EventsOfSession = 40;
    private const int Seed = 4711;

    private static readonly string[] s_servers = ["shop", "files", "calendar"];
    private static readonly string[] s_clients = ["ChatGPT", "claude-ai", "cursor-vscode", "Visual Studio Code", "mcp-inspector", "agent"];
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);

    public DateTimeOffset To { get; } = new(2026, 1, 9, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset From => To - s_week;

    /// <summary>The request id of an event in the middle.</summary>
    public string RequestIdInTheMiddle => RequestIdOf(count / 2);

    public int Count => count;

    public IEnumerable<HistoryEntry[]> Batches(int size)
    {
        var random = new Random(Seed);
        return Enumerable.Range(0, count).Select(number => EventOf(number, random)).Chunk(size);
    }

    private HistoryEntry EventOf(int number, Random random)
    {
        var at = From + (s_week * number / count);
        var session = number / EventsOfSession;
        var kind = random.Next(100);
        // Squared: the first tools have most of the calls.
        var tool = (int)(Tools * random.NextDouble() * random.NextDouble());
        var latency = (long)((tool + 1) * 500 * Math.Exp(random.NextDouble() * 4));
        var upstream = latency * 9 / 10;
        var one = new McpEvent
        {
            Ts = McpEvent.Timestamp(at),
            Type = kind < 70 ? EventTypes.ToolCall : EventTypes.Request,
            Method =
                kind < 70 ? "tools/call"
                : kind < 90 ? "tools/list"
                : "resources/read",
            Tool =
                kind >= 70 ? null
                : number % 200_000 == 100 ? RareTool
                : string.Create(CultureInfo.InvariantCulture, $"tool_{tool}"),
            Server = s_servers[tool % s_servers.Length],
            Session = string.Create(CultureInfo.InvariantCulture, $"{session:x16}"),
            User = string.Create(CultureInfo.InvariantCulture, $"user{session % 500}"),
            Client = s_clients[session % s_clients.Length],
            ClientVersion = string.Create(CultureInfo.InvariantCulture, $"1.{2L * number / count}.0"),
            ProtocolVersion = "2025-11-25",
            Upstream = "http://localhost:9000",
            Status = "ok",
            HttpStatus = 200,
            LatencyMs = latency / 1000,
            UpstreamMs = upstream / 1000,
            OverheadMs = (latency - upstream) / 1000,
            TimingUs = new EventTiming(latency, 100, 200, upstream),
            BytesIn = random.Next(100, 2000),
            BytesOut = random.Next(100, 50_000),
            RequestId = RequestIdOf(number),
            CspApplied = false,
        };
        return new HistoryEntry(
            IdOf(number, at),
            random.Next(100) < 4 ? Failed(one, random)
                : kind == 99 ? OfWidget(one, random)
                : one
        );
    }

    private static McpEvent Failed(McpEvent one, Random random) =>
        random.Next(3) == 0
            ? one with
            {
                Status = "tool_error",
            }
            : one with
            {
                Status = "error",
                ErrorCode = "-32602",
                ErrorMessage = string.Create(CultureInfo.InvariantCulture, $"Invalid argument in field_{random.Next(200)}"),
            };

    private static McpEvent OfWidget(McpEvent one, Random random) =>
        one with
        {
            Type = EventTypes.WidgetServe,
            Method = "GET",
            Path = string.Create(CultureInfo.InvariantCulture, $"/widgets/page-{random.Next(50)}.html"),
        };

    private static string RequestIdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:x8}{number * 2654435761L:x16}");

    /// <summary>Made of its number, so that a run can be told from another by nothing but its times.</summary>
    private static Guid IdOf(int number, DateTimeOffset at)
    {
        var bytes = Guid.CreateVersion7(at).ToByteArray(bigEndian: true);
        BitConverter.TryWriteBytes(bytes.AsSpan(8), (ulong)number * 0x9E3779B97F4A7C15UL);
        return new Guid(bytes, bigEndian: true);
    }
}
