namespace Tunnel.ProxyCore.Bridge.Messages;

/// <summary>
/// Messages in a place where an end of line means the end: a server's input, and the data of an event. In JSON these characters can only
/// stand between values, where a space means the same.
/// </summary>
internal static class OneLine
{
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> message)
    {
        if (!message.Span.ContainsAny((byte)'\n', (byte)'\r'))
        {
            return message;
        }

        var line = message.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
