using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Events;

public sealed partial class EventWriterTests
{
    private static readonly ExchangeRecord s_toolCall = new()
    {
        RequestId = "0HN:1",
        StartedAt = new DateTimeOffset(2026, 4, 2, 10, 15, 30, 142, TimeSpan.Zero),
        HttpMethod = "POST",
        Status = 200,
        IsCutShort = false,
        RequestBytes = 99,
        ResponseBytes = 147,
        Total = TimeSpan.FromMilliseconds(142.7),
        Upstream = TimeSpan.FromMilliseconds(140.2),
        Reading = TimeSpan.FromMilliseconds(0.3),
        Waiting = TimeSpan.FromMilliseconds(120),
        McpMethod = "tools/call",
        Name = "search_products",
        Session = "sess_abc123",
        Client = "ChatGPT",
        Target = "http://localhost:9000/mcp",
    };

    [Fact]
    public async Task Event_HasTheFieldsOfTheSchemaInTheirOrder()
    {
        var line = Assert.Single(await LinesAsync(s_toolCall));

        Assert.Equal(
            """
            {"ts":"2026-04-02T10:15:30.142Z","type":"tool_call","method":"tools/call","tool":"search_products","session":"sess_abc123",
            "user":null,"latency_ms":142,"status":"ok","upstream":"http://localhost:9000","request_id":"0HN:1","client":"ChatGPT",
            "http_status":200,"upstream_ms":140,"overhead_ms":2,"timing_us":{"total":142700,"read":300,"wait":120000,"upstream":140200,"rewrite":0},
            "bytes_in":99,"bytes_out":147,"csp_applied":false}
            """.ReplaceLineEndings(string.Empty),
            line
        );
    }

    [Theory]
    [InlineData("http://localhost:9000/mcp", "http://localhost:9000")]
    [InlineData("https://mcp.example.com/a/http://b", "https://mcp.example.com")]
    [InlineData("http://localhost:9000", "http://localhost:9000")]
    [InlineData("nowhere, no such server", null)]
    [InlineData("widgets/http://b/c", null)]
    public async Task Upstream_IsWhereTheServerIs_WithoutPath(string target, string? upstream)
    {
        using var json = await EventAsync(s_toolCall with { Target = target });

        Assert.Equal(upstream, json.RootElement.GetProperty("upstream").GetString());
    }

    [Fact]
    public async Task ExchangeThroughATunnel_SaysWhereItWasBefore()
    {
        var times = new TunnelTimes(TimeSpan.FromMilliseconds(98.1), TimeSpan.FromMilliseconds(98), TimeSpan.FromMilliseconds(11));

        using var json = await EventAsync(s_toolCall with { Rewriting = TimeSpan.FromMilliseconds(0.4), Tunnel = times });
        using var without = await EventAsync(s_toolCall with { Tunnel = times with { Way = null } });

        Assert.Equal(
            """{"total":142700,"read":300,"wait":120000,"upstream":140200,"rewrite":400,"edge":98100,"hold":98000,"tunnel":11000}""",
            json.RootElement.GetProperty("timing_us").GetRawText()
        );
        Assert.False(without.RootElement.GetProperty("timing_us").TryGetProperty("tunnel", out _));
        Assert.Equal(142, json.RootElement.GetProperty("latency_ms").GetInt64());
    }

    public static TheoryData<string, string, string, string?> Kinds =>
        new()
        {
            { "tools/call", "tool_call", "ok", null },
            { "tools/list", "tool_list", "ok", null },
            { "initialize", "session_start", "ok", null },
            { "server/discover", "session_start", "ok", null },
            { "prompts/get", "request", "ok", null },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Method_DecidesTheType(string method, string type, string status, string? errorCode)
    {
        using var json = await EventAsync(s_toolCall with { McpMethod = method });

        AssertEvent(json, type, status, errorCode);
        Assert.Equal(method == "tools/call", json.RootElement.GetProperty("tool").ValueKind == JsonValueKind.String);
    }

    [Fact]
    public async Task ToolThatFails_IsAToolError()
    {
        using var json = await EventAsync(s_toolCall with { IsToolError = true });

        AssertEvent(json, "tool_call", "tool_error", errorCode: null);
    }

    [Fact]
    public async Task Failures_HaveTheirCode()
    {
        using var rpc = await EventAsync(s_toolCall with { ErrorCode = -32602, ErrorMessage = "Invalid params" });
        using var ours = await EventAsync(s_toolCall with { Status = 502, ProxyError = "E4101" });
        using var http = await EventAsync(s_toolCall with { Status = 404 });
        using var broken = await EventAsync(s_toolCall with { IsCutShort = true, IsBroken = true });
        using var gone = await EventAsync(s_toolCall with { IsCutShort = true, Status = 0 });
        using var refused = await EventAsync(s_toolCall with { McpMethod = "initialize", Status = 401 });

        AssertEvent(rpc, "tool_call", "error", "-32602");
        AssertEvent(ours, "tool_call", "error", "E4101");
        AssertEvent(http, "tool_call", "error", "404");
        AssertEvent(broken, "tool_call", "error", "cut_short");
        AssertEvent(gone, "tool_call", "error", "caller_left");
        AssertEvent(refused, "request", "error", "401");
    }

    [Fact]
    public async Task CallerThatLeavesAnEventStream_IsNoFailure()
    {
        using var json = await EventAsync(s_toolCall with { McpMethod = null, HttpMethod = "GET", IsCutShort = true });

        AssertEvent(json, "request", "ok", errorCode: null);
        Assert.Equal("GET", json.RootElement.GetProperty("method").GetString());
    }

    [Fact]
    public async Task DeletedSession_Ends()
    {
        using var json = await EventAsync(s_toolCall with { McpMethod = null, HttpMethod = "DELETE" });

        AssertEvent(json, "session_end", "ok", errorCode: null);
    }

    [Fact]
    public async Task MessageOfABatch_TellsHowManyCameWithIt()
    {
        using var json = await EventAsync(s_toolCall with { BatchSize = 3 });

        Assert.Equal(3, json.RootElement.GetProperty("batch").GetInt32());
    }

    [Fact]
    public async Task ReaderThatDoesNotRead_CostsEventsWhichAreCounted()
    {
        using var stalled = new StalledStream();
        await using var writer = new EventWriter(stalled, TimeProvider.System);
        writer.Write(Guid.CreateVersion7(), EventFactory.Create(s_toolCall));
        await stalled.Entered.WaitAsync(TestContext.Current.CancellationToken);

        for (var count = 0; count < 9000; count++)
        {
            writer.Write(Guid.CreateVersion7(), EventFactory.Create(s_toolCall));
        }

        stalled.Release();
        writer.Write(Guid.CreateVersion7(), EventFactory.Create(s_toolCall));
        await writer.DisposeAsync();
        var dropped = Encoding
            .UTF8.GetString(stalled.ToArray())
            .Split('\n')
            .Single(line => line.Contains("events_dropped", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(dropped);
        var lines = Encoding.UTF8.GetString(stalled.ToArray()).Count(character => character == '\n');

        Assert.Equal(writer.Dropped, json.RootElement.GetProperty("count").GetInt64());
        Assert.Equal(9002, lines - 1 + json.RootElement.GetProperty("count").GetInt64());
    }

    [Fact]
    public void Documentation_ListsTheFieldsAndTypesThatThereAre()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "events.md"));
        var documented = TableRow().Matches(document).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var fields = EventJson.Default.McpEvent.Properties.Select(property => property.Name);
        var types = typeof(EventTypes).GetFields().Select(field => (string)field.GetValue(null)!);

        Assert.True(documented.SetEquals(fields.Concat(types)), string.Join(' ', documented.Order(StringComparer.Ordinal)));
    }

    private static void AssertEvent(JsonDocument json, string type, string status, string? errorCode)
    {
        Assert.Equal(type, json.RootElement.GetProperty("type").GetString());
        Assert.Equal(status, json.RootElement.GetProperty("status").GetString());
        Assert.Equal(errorCode, json.RootElement.TryGetProperty("error_code", out var code) ? code.GetString() : null);
    }

    private static async Task<JsonDocument> EventAsync(ExchangeRecord exchange) =>
        JsonDocument.Parse(Assert.Single(await LinesAsync(exchange)));

    private static async Task<string[]> LinesAsync(params ExchangeRecord[] exchanges)
    {
        using var output = new MemoryStream();
        await using (var writer = new EventWriter(output, new ManualTimeProvider()))
        {
            foreach (var exchange in exchanges)
            {
                writer.Write(Guid.CreateVersion7(), EventFactory.Create(exchange));
            }
        }

        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("^\\| `(?<name>[a-z_]+)` \\|", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TableRow();

    /// <summary>A reader that has stopped reading until it is released.</summary>
    private sealed class StalledStream : MemoryStream
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public void Release() => _released.TrySetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _entered.TrySetResult();
            await _released.Task;
            Write(buffer.Span);
        }
    }
}
