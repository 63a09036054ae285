using System.IO.Compression;
using System.Text;
using Tunnel.Connector.Cloud;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Events.Shipping;

namespace Tunnel.Connector.Tests.Cloud;

/// <summary>Events to send.</summary>
internal static class CloudEvents
{
    public static McpEvent Call(int number) =>
        new()
        {
            Ts = "2026-01-02T12:00:00.000Z",
            Type = EventTypes.ToolCall,
            Method = "tools/call",
            Tool = $"tool-{number}",
            LatencyMs = 8,
        };

    public static EventBatch Batch(params IEnumerable<int> numbers)
    {
        using var builder = new BatchBuilder();
        foreach (var number in numbers)
        {
            builder.TryAdd(Guid.CreateVersion7(), Call(number));
        }

        return builder.Take();
    }

    /// <summary>The lines of a body as it is sent.</summary>
    public static IReadOnlyList<EventLine> LinesOf(ReadOnlyMemory<byte> coded)
    {
        using var gzip = new GZipStream(new MemoryStream(coded.ToArray()), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return
        [
            .. reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(text =>
                    EventLineReader.TryRead(Encoding.UTF8.GetBytes(text), out var line, out var problem)
                        ? line
                        : throw new InvalidDataException(problem)
                ),
        ];
    }

    public static IEnumerable<string?> ToolsOf(ReadOnlyMemory<byte> coded) =>
        LinesOf(coded).Where(line => line.Event is not null).Select(line => line.Event!.Tool);
}
