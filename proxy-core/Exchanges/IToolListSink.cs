namespace Tunnel.ProxyCore.Exchanges;

/// <summary>Gets what servers say of their tools. Called on the request's own thread: implementations hand over and return.</summary>
public interface IToolListSink
{
    void Record(ToolListAnswer answer);
}

/// <summary>The answer to a <c>tools/list</c>, as the caller got it and not read yet.</summary>
/// <param name="Server">The server.</param>
/// <param name="At">When it was asked.</param>
/// <param name="Request">The question, which may ask for a further page only.</param>
/// <param name="Body">The answer.</param>
/// <param name="ContentType">What the answer is: JSON or an event stream.</param>
/// <param name="ContentEncoding">How it is coded, if it is.</param>
public sealed record ToolListAnswer(
    string Server,
    DateTimeOffset At,
    ReadOnlyMemory<byte> Request,
    ReadOnlyMemory<byte> Body,
    string? ContentType,
    string? ContentEncoding
);
