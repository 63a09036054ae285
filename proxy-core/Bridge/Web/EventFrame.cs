using System.Buffers;
using System.Globalization;
using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>Events as they stand on the wire (the event stream format of HTML, section 9.2).</summary>
internal static class EventFrame
{
    private static readonly byte[] s_message = "event: message\ndata: "u8.ToArray();
    private static readonly byte[] s_end = "\n\n"u8.ToArray();

    /// <summary><c>id: 3-7\nevent: message\ndata: {…}\n\n</c></summary>
    public static ReadOnlyMemory<byte> Of(string? id, ReadOnlyMemory<byte> message)
    {
        var data = OneLine.Of(message);
        var output = new ArrayBufferWriter<byte>(data.Length + 64);
        WriteId(output, id);
        output.Write(s_message);
        output.Write(data.Span);
        output.Write(s_end);
        return output.WrittenMemory;
    }

    /// <summary>An event without data, from which a client that loses the stream can go on: <c>id: 3-0\ndata: \n\n</c> (revision 2025-11-25).</summary>
    public static ReadOnlyMemory<byte> Priming(string id) => Encoding.ASCII.GetBytes($"id: {id}\ndata: \n\n");

    /// <summary>The first event of a legacy stream: where to post.</summary>
    public static ReadOnlyMemory<byte> Endpoint(string target) => Encoding.ASCII.GetBytes($"event: endpoint\ndata: {target}\n\n");

    public static string IdOf(int stream, long number) => string.Create(CultureInfo.InvariantCulture, $"{stream}-{number}");

    /// <returns>The stream and the number of an event of ours; null for anything else.</returns>
    public static (int Stream, long Number)? ParseId(string id)
    {
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        return
            dash > 0
            && int.TryParse(id.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var stream)
            && long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (stream, number)
            : null;
    }

    private static void WriteId(ArrayBufferWriter<byte> output, string? id)
    {
        if (id is not null)
        {
            output.Write(Encoding.ASCII.GetBytes($"id: {id}\n"));
        }
    }
}
