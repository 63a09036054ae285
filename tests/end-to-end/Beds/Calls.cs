using System.Text;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>Calls that the JSON-RPC origin understands, and what it answers.</summary>
internal static class Calls
{
    public static string Echo(string id, string token) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"echo","token":"{{{token}}}"}}""";

    public static string Slow(string id, string token) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"slow","token":"{{{token}}}","mode":"slow"}}""";

    public static string EchoResult(string id, string token) => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"echo":"{{{token}}}"}}""";

    public static string Post(Uri url, string json) => Post(url.Authority, url.AbsolutePath, json);

    public static string Post(string host, string path, string json) =>
        FormattableString.Invariant(
            $"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}"
        );

    public static string Text(byte[] body) => Encoding.UTF8.GetString(body);
}
