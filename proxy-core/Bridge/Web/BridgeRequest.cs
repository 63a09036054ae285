using System.Text.Json;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>What a client sent, as far as HTTP goes.</summary>
internal sealed class BridgeRequest(HttpRequestMessage request)
{
    public HttpMethod Method => request.Method;

    public string Path => request.RequestUri!.AbsolutePath;

    public string? SessionId => Header(Answers.SessionHeader);

    public string? LastEventId => Header("Last-Event-ID");

    public string? ProtocolVersion => Header("MCP-Protocol-Version");

    public bool AcceptsEvents => Accepts("text/event-stream");

    public bool AcceptsJson => Accepts("application/json");

    public bool IsJson =>
        request.Content?.Headers.ContentType?.MediaType is { } type && type.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>A header that can only be there once.</summary>
    public string? Header(string name) => request.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>A parameter of the query, unescaped.</summary>
    public string? Query(string name)
    {
        foreach (var part in request.RequestUri!.Query.TrimStart('?').Split('&'))
        {
            var pair = part.Split('=', 2);
            if (pair.Length == 2 && pair[0] == name)
            {
                return Uri.UnescapeDataString(pair[1]);
            }
        }

        return null;
    }

    /// <summary>Reads the body, up to a limit.</summary>
    /// <returns>Null when it is larger.</returns>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        if (request.Content is not { } content)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (content.Headers.ContentLength > limit)
        {
            return null;
        }

        using var body = new LimitedBody(limit);
        await content.CopyToAsync(body, cancellationToken);
        return body.IsTooLarge ? null : body.Bytes;
    }

    /// <summary>The messages of a body: one, or a batch (revision 2025-03-26).</summary>
    /// <returns>Null when it is not JSON-RPC.</returns>
    public static IReadOnlyList<RpcMessage>? Messages(ReadOnlyMemory<byte> body)
    {
        var text = ServerLine.Trim(body);
        if (text.IsEmpty)
        {
            return null;
        }

        if (text.Span[0] != (byte)'[')
        {
            return RpcMessage.Read(text) is { } message ? [message] : null;
        }

        try
        {
            var items = JsonObjects.Items(text.Span).Select(item => RpcMessage.Read(text.Slice(item.Start, item.Length))).ToList();
            return items.Count == 0 || items.Contains(null) ? null : items.OfType<RpcMessage>().ToList();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool Accepts(string type) =>
        // Who does not say takes anything (RFC 9110 section 12.5.1).
        request.Headers.Accept.Count == 0
        || request.Headers.Accept.Any(accepted =>
            accepted.MediaType is { } media
            && (
                media.Equals(type, StringComparison.OrdinalIgnoreCase)
                || media == "*/*"
                || (media.EndsWith("/*", StringComparison.Ordinal) && type.StartsWith(media[..^1], StringComparison.OrdinalIgnoreCase))
            )
        );

    /// <summary>Collects a body, and what is too much is read and forgotten: a caller in the middle of sending hears no answer.</summary>
    private sealed class LimitedBody(int limit) : WriteOnlyStream
    {
        private readonly MemoryStream _bytes = new();

        public bool IsTooLarge { get; private set; }

        public ReadOnlyMemory<byte> Bytes => _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            IsTooLarge |= _bytes.Length + buffer.Length > limit;
            if (!IsTooLarge)
            {
                _bytes.Write(buffer.Span);
            }

            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
