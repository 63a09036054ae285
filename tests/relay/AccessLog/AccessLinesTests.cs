using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Tunnel.Relay.AccessLog;
using Xunit;

namespace Tunnel.Relay.Tests.AccessLog;

public sealed class AccessLinesTests
{
    private static readonly AccessRecord s_call = new()
    {
        StartedAt = new DateTimeOffset(2026, 11, 21, 10, 15, 31, 7, TimeSpan.Zero),
        Name = "brave-otter",
        Address = IPAddress.Parse("203.0.113.7"),
        Method = "POST",
        Path = "/mcp",
        Status = 200,
        Bytes = 8192,
        Duration = TimeSpan.FromMilliseconds(16.7),
        RequestId = "0HN:1",
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        Code = null,
        IsCutShort = false,
    };

    private static readonly AccessRecord s_left = s_call with
    {
        Name = null,
        Address = null,
        Path = "/a\"b",
        Status = null,
        TraceId = null,
        Code = "E3101",
        IsCutShort = true,
    };

    private readonly AccessLines _lines = new("eu-1");

    [Fact]
    public void Text_HasItsFieldsInTheirOrder()
    {
        Assert.Equal(
            "2026-11-21T10:15:31.007Z name=brave-otter address=203.0.113.7 method=POST path=/mcp status=200 bytes=8192 ms=16 node=eu-1 rid=0HN:1 trace=4bf92f3577b34da6a3ce929d0e0e4736\n",
            Write(_lines.WriteText, s_call)
        );
        Assert.Equal(
            "2026-11-21T10:15:31.007Z name=- address=- method=POST path=/a\"b status=- bytes=8192 ms=16 node=eu-1 rid=0HN:1 trace=- code=E3101 cut-short\n",
            Write(_lines.WriteText, s_left)
        );
    }

    [Fact]
    public void Json_HasAllFieldsAlways()
    {
        Assert.Equal(
            """
            {"time":"2026-11-21T10:15:31.007Z","name":"brave-otter","address":"203.0.113.7","method":"POST","path":"/mcp","status":200,"bytes":8192,"ms":16,"node":"eu-1","request_id":"0HN:1","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","code":null,"cut_short":false}

            """,
            Write(_lines.WriteJson, s_call)
        );
        using var left = JsonDocument.Parse(Write(_lines.WriteJson, s_left));
        Assert.Equal(13, left.RootElement.EnumerateObject().Count());
        Assert.Equal("/a\"b", left.RootElement.GetProperty("path").GetString());
        Assert.Equal(JsonValueKind.Null, left.RootElement.GetProperty("status").ValueKind);
    }

    private static string Write(Action<IBufferWriter<byte>, AccessRecord> write, AccessRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output, record);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
