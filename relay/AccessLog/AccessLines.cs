using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tunnel.Relay.AccessLog;

/// <summary>
/// Lines of the access log:
/// <code>
/// 2026-11-21T10:15:31.007Z name=brave-otter address=203.0.113.7 method=POST path=/mcp status=200 bytes=8192 ms=16 node=10.0.0.7:5101 rid=0HN:1 trace=-
/// {"time":"2026-11-21T10:15:31.007Z","name":"brave-otter","address":"203.0.113.7",…}
/// </code>
/// </summary>
/// <param name="node">What operators call this relay.</param>
internal sealed class AccessLines(string node)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly byte[] s_lineEnd = "\n"u8.ToArray();

    public void WriteText(IBufferWriter<byte> output, AccessRecord record)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeOf(record.StartedAt)} name={record.Name ?? "-"} address={record.Address?.ToString() ?? "-"} method={record.Method} path={record.Path} status={record.Status?.ToString(CultureInfo.InvariantCulture) ?? "-"} bytes={record.Bytes} ms={(long)record.Duration.TotalMilliseconds} node={node} rid={record.RequestId} trace={record.TraceId ?? "-"}"
        );
        var code = record.Code is null ? string.Empty : $" code={record.Code}";
        Write(output, $"{line}{code}{(record.IsCutShort ? " cut-short" : string.Empty)}\n");
    }

    public void WriteJson(IBufferWriter<byte> output, AccessRecord record)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("time", TimeOf(record.StartedAt));
            json.WriteString("name", record.Name);
            json.WriteString("address", record.Address?.ToString());
            json.WriteString("method", record.Method);
            json.WriteString("path", record.Path);
            if (record.Status is { } status)
            {
                json.WriteNumber("status", status);
            }
            else
            {
                json.WriteNull("status");
            }

            json.WriteNumber("bytes", record.Bytes);
            json.WriteNumber("ms", (long)record.Duration.TotalMilliseconds);
            json.WriteString("node", node);
            json.WriteString("request_id", record.RequestId);
            json.WriteString("trace_id", record.TraceId);
            json.WriteString("code", record.Code);
            json.WriteBoolean("cut_short", record.IsCutShort);
            json.WriteEndObject();
        }

        output.Write(s_lineEnd);
    }

    public static void WriteDroppedText(IBufferWriter<byte> output, DateTimeOffset now, long count) =>
        Write(output, string.Create(CultureInfo.InvariantCulture, $"{TimeOf(now)} dropped={count}\n"));

    public static void WriteDroppedJson(IBufferWriter<byte> output, DateTimeOffset now, long count) =>
        Write(output, string.Create(CultureInfo.InvariantCulture, $"{{\"time\":\"{TimeOf(now)}\",\"dropped\":{count}}}\n"));

    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static void Write(IBufferWriter<byte> output, string line) => output.Write(Encoding.UTF8.GetBytes(line));
}
