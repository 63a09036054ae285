using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Pages;

namespace Tunnel.ProxyCore.Errors;

/// <summary>
/// Writes a <see cref="ProxyError"/> as the caller understands it: a JSON-RPC error with the caller's id where the request was JSON-RPC,
/// a page where a browser asked for one, a problem document (RFC 9457) otherwise. The JSON-RPC code is the catalog number: the MCP revision of 2026-07-28 keeps -32000 to -32099 for itself.
/// </summary>
public static class ErrorResponse
{
    /// <summary>The header that marks every answer of our own with its code.</summary>
    public const string CodeHeader = "mcpr-error";

    /// <summary>The header that carries the request id of an answer of our own.</summary>
    public const string RequestIdHeader = "mcpr-request-id";

    /// <param name="context">An exchange whose response has not started.</param>
    /// <param name="error">What happened.</param>
    /// <param name="source">Who says so.</param>
    /// <param name="request">What is known of the JSON-RPC request, or null when it was none.</param>
    /// <param name="detail">What the catalog cannot know, such as the address that refused.</param>
    /// <param name="closesConnection">Whether the connection cannot be trusted to carry another request.</param>
    public static async Task WriteAsync(
        HttpContext context,
        ProxyError error,
        ErrorSource source,
        JsonRpcSummary? request = null,
        string? detail = null,
        bool closesConnection = false
    )
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = error.Status;
        response.Headers[CodeHeader] = error.Code;
        response.Headers[RequestIdHeader] = context.TraceIdentifier;
        response.Headers[HeaderNames.CacheControl] = "no-store";
        if (closesConnection)
        {
            response.Headers[HeaderNames.Connection] = "close";
        }

        if (error.RetryAfterSeconds is { } seconds)
        {
            response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var body = new ArrayBufferWriter<byte>(512);
        if (request is not null)
        {
            response.ContentType = "application/json";
            using var json = new Utf8JsonWriter(body);
            WriteJsonRpc(json, error, source, request, detail, context.TraceIdentifier);
        }
        else if (PageRequest.AcceptsPages(context.Request))
        {
            Page.WriteHeaders(response.Headers);
            body.Write(ErrorPage.Write(error, source, detail, context.TraceIdentifier));
        }
        else
        {
            response.ContentType = "application/problem+json";
            using var json = new Utf8JsonWriter(body);
            WriteProblem(json, error, source, detail, context.TraceIdentifier);
        }

        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
        }
    }

    private static void WriteJsonRpc(
        Utf8JsonWriter json,
        ProxyError error,
        ErrorSource source,
        JsonRpcSummary request,
        string? detail,
        string requestId
    )
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        json.WritePropertyName("id");
        json.WriteRawValue(request.Id ?? "null", skipInputValidation: true);
        json.WriteStartObject("error");
        json.WriteNumber("code", error.JsonRpcCode);
        json.WriteString("message", error.Title);
        json.WriteStartObject("data");
        json.WriteString("code", error.Code);
        WriteCommon(json, error, source, detail, requestId);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteProblem(Utf8JsonWriter json, ProxyError error, ErrorSource source, string? detail, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("title", error.Title);
        json.WriteNumber("status", error.Status);
        json.WriteString("code", error.Code);
        WriteCommon(json, error, source, detail, requestId);
        json.WriteEndObject();
    }

    private static void WriteCommon(Utf8JsonWriter json, ProxyError error, ErrorSource source, string? detail, string requestId)
    {
        json.WriteString("source", source == ErrorSource.Edge ? "edge" : "connector");
        if (detail is not null)
        {
            json.WriteString("detail", detail);
        }

        json.WriteString("hint", error.Hint);
        json.WriteString("requestId", requestId);
        if (error.RetryAfterSeconds is { } seconds)
        {
            json.WriteNumber("retryAfter", seconds);
        }
    }
}
