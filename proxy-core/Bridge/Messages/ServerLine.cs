using System.Text.Json;

namespace Tunnel.ProxyCore.Bridge.Messages;

/// <summary>
/// What a server wrote on a line. Servers let all sorts of things slip onto standard output: banners, debug prints, prints without an end of
/// line in front of a message: <c>loading… {"jsonrpc":"2.0",…}</c>.
/// </summary>
internal static class ServerLine
{
    /// <returns>The messages in it; none when the line is noise.</returns>
    public static IReadOnlyList<RpcMessage> Read(ReadOnlyMemory<byte> line)
    {
        var text = Trim(line);
        if (text.IsEmpty)
        {
            return [];
        }

        if (text.Span[0] == (byte)'[' && ReadBatch(text) is { Count: > 0 } batch)
        {
            return batch;
        }

        if (RpcMessage.Read(text) is { } message)
        {
            return [message];
        }

        var start = text.Span.IndexOf("{\"jsonrpc\""u8);
        return start > 0 && RpcMessage.Read(text[start..]) is { } behindNoise ? [behindNoise] : [];
    }

    /// <summary>Without white space around it, and without the mark that some systems put before UTF-8.</summary>
    public static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text)
    {
        if (text.Span.StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }

        var start = text.Span.IndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? ReadOnlyMemory<byte>.Empty : text[start..(text.Span.LastIndexOfAnyExcept(" \t\r\n"u8) + 1)];
    }

    // Only in the revision of 2025-03-26.
    private static IReadOnlyList<RpcMessage> ReadBatch(ReadOnlyMemory<byte> text)
    {
        try
        {
            return
            [
                .. JsonObjects.Items(text.Span).Select(item => RpcMessage.Read(text.Slice(item.Start, item.Length))).OfType<RpcMessage>(),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
