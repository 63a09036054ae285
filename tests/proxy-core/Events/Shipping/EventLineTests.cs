using System.Buffers;
using System.Text;
using System.Text.Json;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Events.Shipping;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.Tests.History;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Events.Shipping;

public sealed class EventLineTests
{
    private static readonly Guid s_id = Guid.Parse("019a0000-0000-7000-8000-000000000001");

    private static readonly ToolListing s_listing = new(
        "files",
        Entries.Noon,
        IsComplete: true,
        [Tool("search", """{"name":"search","description":"\"a\" <b> ü"}"""), Tool("open", """{"name":"open"}""")]
    );

    [Fact]
    public void Event_IsItsIdBeforeWhatTheEventStreamWrites()
    {
        var line = Written((writer, lines) => writer.Write(lines, s_id, Entries.Call));

        Assert.Equal($$"""{"id":"{{s_id}}",""" + JsonSerializer.Serialize(Entries.Call, EventJson.Default.McpEvent)[1..] + "\n", line);
    }

    [Fact]
    public void Event_IsReadAsItWas()
    {
        var all = Entries.Call with
        {
            Type = EventTypes.CspViolation,
            ErrorCode = "-32602",
            ErrorMessage = "unknown city <text>\n",
            Reason = "idle",
            Path = "/a",
            Batch = 3,
            BlockedUri = "inline",
            Directive = "script-src",
            Widget = "ui://w",
            Fix = "x = [\"y\"]",
        };

        var read = Read(Written((writer, lines) => writer.Write(lines, s_id, all)));

        Assert.Equal(new EventLine(s_id) { Event = all }, read);
    }

    [Fact]
    public void LossAndTools_AreReadAsTheyWere()
    {
        var dropped = new DroppedEvents(McpEvent.Timestamp(Entries.Noon), EventTypes.EventsDropped, 12);

        var loss = Read(Written((writer, lines) => writer.Write(lines, s_id, dropped)));
        var tools = Read(Written((writer, lines) => writer.Write(lines, s_id, s_listing)));

        Assert.Equal(new EventLine(s_id) { Dropped = dropped }, loss);
        Assert.Equal(s_listing with { Tools = [] }, tools.Tools! with { Tools = [] });
        Assert.Equal(s_listing.Tools, tools.Tools!.Tools);
    }

    [Fact]
    public void OneWriter_WritesManyLines()
    {
        var text = Written(
            (writer, lines) =>
            {
                writer.Write(lines, s_id, Entries.Call);
                writer.Write(lines, s_id, s_listing);
                writer.Write(lines, s_id, Entries.Call);
            }
        );

        Assert.Equal([null, "files", null], text.Split('\n')[..^1].Select(line => Read(line).Tools?.Server), StringComparer.Ordinal);
    }

    [Fact]
    public void WhatIsNoFieldOfAnEvent_IsNotRead()
    {
        var line = $$$"""{"id":"{{{s_id}}}","ts":"2026-01-02T12:00:00.000Z","type":"later","params":{"secret":[1]},"body":"secret"}""";

        var read = Read(line);

        Assert.Equal("later", read.Event!.Type);
        Assert.DoesNotContain("secret", JsonSerializer.Serialize(read.Event, EventJson.Default.McpEvent), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("hello")]
    [InlineData("{}")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z"}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":""}""")]
    [InlineData("""{"id":"#","ts":"yesterday","type":"request"}""")]
    [InlineData("""{"id":"#","ts":"1601-01-02T12:00:00.000Z","type":"request"}""")]
    [InlineData("""{"id":"#","ts":null,"type":"request"}""")]
    [InlineData("""{"ts":"2026-01-02T12:00:00.000Z","type":"request"}""")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","ts":"2026-01-02T12:00:00.000Z","type":"request"}""")]
    [InlineData("""{"id":"7","ts":"2026-01-02T12:00:00.000Z","type":"request"}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request"}{}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","latency_ms":-1}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","latency_ms":1e99}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","timing_us":{"total":-1}}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","latency_ms":9000000000000000}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","upstream_ms":9223372036854775807}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","timing_us":{"total":9223372036854775807}}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","timing_us":{"edge":-1}}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","bytes_out":9223372036854775807}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"request","tool":["x"]}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"events_dropped"}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"events_dropped","count":-5}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"tool_schemas","complete":true,"tools":[]}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"tool_schemas","server":"s","complete":true}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"tool_schemas","server":"s","tools":[null]}""")]
    [InlineData("""{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"tool_schemas","server":"s","tools":[{"name":"a"}]}""")]
    [InlineData(
        """{"id":"#","ts":"2026-01-02T12:00:00.000Z","type":"tool_schemas","server":"s","tools":[{"name":"a","hash":"0","json":"{}"}]}"""
    )]
    public void Garbage_IsRefusedWithWhatIsWrong(string text)
    {
        var isRead = EventLineReader.TryRead(
            Encoding.UTF8.GetBytes(text.Replace("#", s_id.ToString(), StringComparison.Ordinal)),
            out var line,
            out var problem
        );

        Assert.False(isRead);
        Assert.Null(line);
        Assert.StartsWith("it", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void DefinitionThatIsNoObject_IsRefused()
    {
        var line = Written((writer, lines) => writer.Write(lines, s_id, s_listing with { Tools = [Tool("a", "[1")] }));

        Assert.False(EventLineReader.TryRead(Encoding.UTF8.GetBytes(line.TrimEnd()), out _, out var problem));
        Assert.Equal("it has a tool that is none", problem);
    }

    [Fact]
    public void LineThatIsTooLong_IsRefused()
    {
        var longest = Written((writer, lines) => writer.Write(lines, s_id, Entries.Call with { Path = new string('x', 60_000) }));
        var longer = Written((writer, lines) => writer.Write(lines, s_id, Entries.Call with { Path = new string('x', 70_000) }));

        Assert.NotNull(Read(longest).Event);
        Assert.False(EventLineReader.TryRead(Encoding.UTF8.GetBytes(longer), out _, out var problem));
        Assert.Equal("it is too long", problem);
    }

    private static ToolDefinition Tool(string name, string json) => new(name, ToolDefinition.HashOf(json), json);

    private static string Written(Action<EventLineWriter, IBufferWriter<byte>> write)
    {
        var lines = new ArrayBufferWriter<byte>();
        using var writer = new EventLineWriter();
        write(writer, lines);
        return Encoding.UTF8.GetString(lines.WrittenSpan);
    }

    private static EventLine Read(string line)
    {
        Assert.True(EventLineReader.TryRead(Encoding.UTF8.GetBytes(line.TrimEnd('\n')), out var read, out var problem), problem);
        return read;
    }
}
