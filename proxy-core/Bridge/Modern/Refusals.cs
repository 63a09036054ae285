using System.Net;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>What the revision 2026-07-28 wants to be refused, with its codes (SEP-2243 and the section on errors).</summary>
internal static class Refusals
{
    public static HttpResponseMessage HeaderMismatch(ReadOnlyMemory<byte> id, string problem) =>
        Refuse(id, -32020, $"Bad Request: the request headers and body disagree: {problem}");

    public static HttpResponseMessage InvalidEnvelope(ReadOnlyMemory<byte> id, string problem) =>
        Refuse(id, -32602, $"Invalid params: {problem}");

    public static HttpResponseMessage UnsupportedVersion(ReadOnlyMemory<byte> id, string requested) =>
        Refuse(
            id,
            -32022,
            $"Unsupported protocol version: {requested}",
            $$$""","data":{"supported":["{{{Revisions.FirstModern}}}"],"requested":{{{Answers.Quote(requested)}}}}"""
        );

    public static HttpResponseMessage InvalidRequest(string problem) => Refuse("null"u8.ToArray(), -32600, $"Bad Request: {problem}");

    /// <summary>The HTTP status that goes with an error of a server. Errors of tools and handlers are answers like any other.</summary>
    public static HttpStatusCode StatusOf(int code) =>
        code switch
        {
            -32601 => HttpStatusCode.NotFound,
            -32700 or -32600 or -32020 or -32021 or -32022 => HttpStatusCode.BadRequest,
            _ => HttpStatusCode.OK,
        };

    private static HttpResponseMessage Refuse(ReadOnlyMemory<byte> id, int code, string message, string more = "") =>
        Answers.Json(Answers.Error(id, code, message, more), HttpStatusCode.BadRequest);
}
