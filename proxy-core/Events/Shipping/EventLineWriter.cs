using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tunnel.ProxyCore.History;

namespace Tunnel.ProxyCore.Events.Shipping;

/// <summary>Writes lines as <see cref="EventLine"/> shows them, each with its line end. Not for several threads at once.</summary>
public sealed class EventLineWriter : IDisposable
{
    private const int IdLength = 36;

    private readonly ArrayBufferWriter<byte> _object = new(1024);

    // Definitions of tools are JSON within JSON: escaped only as far as JSON wants it, they stay half as long.
    private readonly Utf8JsonWriter _json;

    public EventLineWriter()
    {
        _json = new Utf8JsonWriter(_object, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Write(IBufferWriter<byte> lines, Guid id, McpEvent mcpEvent) => Write(lines, id, mcpEvent, EventJson.Default.McpEvent);

    public void Write(IBufferWriter<byte> lines, Guid id, DroppedEvents dropped) =>
        Write(lines, id, dropped, EventJson.Default.DroppedEvents);

    public void Write(IBufferWriter<byte> lines, Guid id, ToolListing listing) =>
        Write(
            lines,
            id,
            new ToolSchemas(McpEvent.Timestamp(listing.At), EventLine.ToolSchemasType, listing.Server, listing.IsComplete, listing.Tools),
            EventLineJson.Default.ToolSchemas
        );

    public void Dispose() => _json.Dispose();

    private void Write<T>(IBufferWriter<byte> lines, Guid id, T value, JsonTypeInfo<T> type)
    {
        _object.ResetWrittenCount();
        _json.Reset();
        JsonSerializer.Serialize(_json, value, type);

        lines.Write("{\"id\":\""u8);
        id.TryFormat(lines.GetSpan(IdLength), out var written);
        lines.Advance(written);
        lines.Write("\","u8);
        // The object without its first brace: each of the three has a field.
        lines.Write(_object.WrittenSpan[1..]);
        lines.Write("\n"u8);
    }
}
