using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>What the bridge answers in the place of an HTTP server.</summary>
internal static class Answers
{
    public const string SessionHeader = "Mcp-Session-Id";

    /// <summary>Who we are, where nobody else is the client.</summary>
    public const string OwnInfo = """{"name":"mcpr","version":"0"}""";

    /// <summary>What clients know: they begin a new session (as in the official SDKs).</summary>
    public static HttpResponseMessage SessionNotFound() => Refuse(HttpStatusCode.NotFound, -32001, "Session not found");

    public static HttpResponseMessage BadRequest(string message) => Refuse(HttpStatusCode.BadRequest, -32000, message);

    public static HttpResponseMessage ParseError() =>
        Refuse(HttpStatusCode.BadRequest, -32700, "Parse error: the body is no JSON-RPC message");

    public static HttpResponseMessage NotAcceptable() =>
        Refuse(HttpStatusCode.NotAcceptable, -32000, "Not Acceptable: the client must accept both application/json and text/event-stream");

    public static HttpResponseMessage TooLarge(int limit) =>
        Refuse(HttpStatusCode.RequestEntityTooLarge, -32000, $"the message is larger than {limit} bytes");

    public static HttpResponseMessage WrongMediaType() =>
        Refuse(HttpStatusCode.UnsupportedMediaType, -32000, "Unsupported Media Type: Content-Type must be application/json");

    public static HttpResponseMessage MethodNotAllowed(params ReadOnlySpan<string> allowed)
    {
        var response = Refuse(HttpStatusCode.MethodNotAllowed, -32000, "Method not allowed");
        foreach (var method in allowed)
        {
            response.Content.Headers.Allow.Add(method);
        }

        return response;
    }

    public static HttpResponseMessage Accepted() => new(HttpStatusCode.Accepted) { Content = new ByteArrayContent([]) };

    public static HttpResponseMessage Json(ReadOnlyMemory<byte> body, HttpStatusCode status = HttpStatusCode.OK)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(status) { Content = content };
    }

    public static HttpResponseMessage Events(EventStreamBody body)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new EventStreamContent(body) };
        response.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true, NoTransform = true };
        // Proxies that collect responses leave this one alone.
        response.Headers.TryAddWithoutValidation("X-Accel-Buffering", "no");
        return response;
    }

    /// <summary>A failure of a request as its response.</summary>
    /// <param name="idText">The id as the client wrote it.</param>
    /// <param name="error">What happened.</param>
    /// <param name="detail">With what, where that helps.</param>
    public static ReadOnlyMemory<byte> Failure(ReadOnlyMemory<byte> idText, ProxyError error, string? detail = null)
    {
        var more = detail is null ? string.Empty : $",\"detail\":{Quote(detail)}";
        return Error(
            idText,
            error.JsonRpcCode,
            error.Title,
            $$$""","data":{"code":"{{{error.Code}}}","hint":{{{Quote(error.Hint)}}}{{{more}}}}"""
        );
    }

    public static ReadOnlyMemory<byte> Result(ReadOnlyMemory<byte> idText, string result) =>
        Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":{{{Encoding.UTF8.GetString(idText.Span)}}},"result":{{{result}}}}""");

    public static ReadOnlyMemory<byte> Error(ReadOnlyMemory<byte> idText, int code, string message, string more = "") =>
        Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":{{{Encoding.UTF8.GetString(idText.Span)}}},"error":{"code":{{{code}}},"message":{{{Quote(message)}}}{{{more}}}}}"""
        );

    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    public static HttpResponseMessage Refuse(HttpStatusCode status, int code, string message) =>
        Json(Error("null"u8.ToArray(), code, message), status);
}
