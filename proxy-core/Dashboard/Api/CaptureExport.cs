using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Tunnel.ProxyCore.Captures;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>Captured exchanges in the formats of others. Secrets are taken out there too, since such files are sent around.</summary>
internal static class CaptureExport
{
    /// <summary>What curl writes by itself, or what was about the connection of that time.</summary>
    private static readonly string[] s_ofConnection =
    [
        "host",
        "content-length",
        "connection",
        "transfer-encoding",
        "accept-encoding",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
    ];

    /// <summary>A command for a POSIX shell.</summary>
    public static string Curl(CapturedExchange exchange)
    {
        var command = new StringBuilder($"curl -X {exchange.Method} {Quote(UrlOf(exchange))}");
        foreach (var (name, value) in exchange.Headers.Where(header => !s_ofConnection.Contains(header.Key, StringComparer.Ordinal)))
        {
            command.Append($" \\\n  -H {Quote($"{name}: {value}")}");
        }

        if (BodyText.Of(exchange.Body)?.Text is { } text)
        {
            command.Append($" \\\n  --data-raw {Quote(text)}");
        }

        return command.Append('\n').ToString();
    }

    /// <summary>An HTTP archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/).</summary>
    public static JsonObject Har(IEnumerable<CapturedExchange> exchanges, string version) =>
        new()
        {
            ["log"] = new JsonObject
            {
                ["version"] = "1.2",
                ["creator"] = new JsonObject { ["name"] = "mcpr", ["version"] = version },
                ["entries"] = new JsonArray([.. exchanges.Select(EntryOf)]),
            },
        };

    private static JsonNode EntryOf(CapturedExchange exchange)
    {
        var time = exchange.Duration.TotalMilliseconds;
        return new JsonObject
        {
            ["startedDateTime"] = exchange.At.UtcDateTime.ToString("O"),
            ["time"] = time,
            ["request"] = RequestOf(exchange),
            ["response"] = ResponseOf(exchange),
            ["cache"] = new JsonObject(),
            ["timings"] = new JsonObject
            {
                ["send"] = 0,
                ["wait"] = time,
                ["receive"] = 0,
            },
        };
    }

    private static JsonObject RequestOf(CapturedExchange exchange)
    {
        var mark = exchange.Target.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(mark < 0 ? null : exchange.Target[mark..]);
        var request = new JsonObject
        {
            ["method"] = exchange.Method,
            ["url"] = UrlOf(exchange),
            ["httpVersion"] = "HTTP/1.1",
            ["cookies"] = new JsonArray(),
            ["headers"] = Pairs(exchange.Headers),
            ["queryString"] = Pairs(query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")))),
            ["headersSize"] = -1,
            ["bodySize"] = exchange.Body.Bytes,
        };
        if (BodyText.Of(exchange.Body)?.Text is { } text)
        {
            request["postData"] = new JsonObject { ["mimeType"] = exchange.Body.ContentType ?? "", ["text"] = text };
        }

        return request;
    }

    private static JsonObject ResponseOf(CapturedExchange exchange) =>
        new()
        {
            ["status"] = exchange.Status,
            ["statusText"] = ReasonPhrases.GetReasonPhrase(exchange.Status),
            ["httpVersion"] = "HTTP/1.1",
            ["cookies"] = new JsonArray(),
            ["headers"] = Pairs(exchange.ResponseHeaders),
            ["content"] = new JsonObject
            {
                ["size"] = exchange.ResponseBody.Bytes,
                ["mimeType"] = exchange.ResponseBody.ContentType ?? "",
                ["text"] = BodyText.Of(exchange.ResponseBody)?.Text ?? "",
            },
            ["redirectURL"] = "",
            ["headersSize"] = -1,
            ["bodySize"] = exchange.ResponseBody.Bytes,
        };

    private static JsonArray Pairs(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new([.. pairs.Select(pair => (JsonNode)new JsonObject { ["name"] = pair.Key, ["value"] = pair.Value })]);

    private static string UrlOf(CapturedExchange exchange)
    {
        var scheme = exchange.Headers.FirstOrDefault(header => header.Key == "x-forwarded-proto").Value == "https" ? "https" : "http";
        return $"{scheme}://{exchange.Host}{exchange.Target}";
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
