using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Tunnel.ProxyCore.Rewriting;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets;

/// <summary>Widgets in event streams and in random messages.</summary>
public sealed class WidgetStreamTests
{
    private const string Widget =
        """{"id":1,"result":{"contents":[{"uri":"ui://w","mimeType":"text/html","text":"<img src=/a.png>","_meta":{"ui":{"csp":{"connectDomains":["http://localhost:9000"]}}}}]}}""";

    [Fact]
    public void EventStream_IsTheSameHoweverItComes()
    {
        var stream = Encoding.UTF8.GetBytes(
            $": hi\r\n\r\nid: 7\r\nevent: message\r\ndata: {Widget}\r\n\r\ndata: {{\"a\":\rdata: 1.0}}\n\nretry: 5\n\ndata: {Widget}"
        );
        var expected = InPieces(stream, stream.Length);

        Assert.Contains("id: 7\r\nevent: message\r\ndata: {\"id\":1,", expected, StringComparison.Ordinal);
        Assert.Contains("\"text\":\"<img src=https://otter.example.com/a.png>\"", expected, StringComparison.Ordinal);
        Assert.Contains("\"connectDomains\":[\"https://otter.example.com\"]", expected, StringComparison.Ordinal);
        // An event that does not end is none.
        Assert.EndsWith($"retry: 5\n\ndata: {Widget}", expected, StringComparison.Ordinal);
        for (var size = 1; size < 60; size++)
        {
            Assert.Equal(expected, InPieces(stream, size));
        }
    }

    [Fact]
    public void RandomMessages_ChangeInTheListsAndDomainsOnly()
    {
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var message = new RandomMessages(random).Next();
            var after = new WidgetExchange { Client = i % 2 == 0 ? "Claude" : "ChatGPT" }.Edit(message);

            Assert.Equal(Stripped(message), Stripped(after));
            Assert.DoesNotContain("localhost", Policies(after), StringComparison.Ordinal);
        }
    }

    private static string InPieces(byte[] stream, int size)
    {
        var rewriter = new EventStreamRewriter(new WidgetExchange { Client = "Claude" }.NewEditor(), endpoint: null, 1 << 20);
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in stream.Chunk(size))
        {
            rewriter.Write(piece, output);
        }

        rewriter.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The message without everything that the rule may write.</summary>
    private static string Stripped(string message)
    {
        var root = JsonNode.Parse(message)!;
        foreach (var entry in root["result"]!["contents"]!.AsArray())
        {
            if (entry!["_meta"] is JsonObject meta)
            {
                meta.Remove("openai/widgetDomain");
                Strip(meta, "openai/widgetCSP", ["connect_domains", "resource_domains", "frame_domains", "redirect_domains"]);
                if (meta["ui"] is JsonObject ui)
                {
                    ui.Remove("domain");
                    Strip(ui, "csp", ["connectDomains", "resourceDomains", "frameDomains", "baseUriDomains"]);
                }

                Strip(meta, "ui", []);
                Strip(entry.AsObject(), "_meta", []);
            }
        }

        return root.ToJsonString();
    }

    private static void Strip(JsonObject owner, string name, string[] members)
    {
        if (owner[name] is JsonObject value)
        {
            foreach (var member in members)
            {
                value.Remove(member);
            }

            if (value.Count == 0)
            {
                owner.Remove(name);
            }
        }
    }

    private static string Policies(string message) =>
        string.Concat(
            JsonNode.Parse(message)!["result"]!["contents"]!.AsArray().Select(entry => entry!["_meta"]?["ui"]?["csp"]?.ToJsonString())
        );

    /// <summary>Widgets whose metadata is made of what servers write and of nonsense.</summary>
    private sealed class RandomMessages(Random random)
    {
        private static readonly string[] s_sources =
        [
            "http://localhost:5173",
            "ws://127.0.0.1",
            "a.example",
            "HTTPS://B.example:443/",
            "'self'",
            "x y",
            "data:",
            "*",
            "",
        ];

        public string Next()
        {
            var entries = Enumerable
                .Range(0, random.Next(4))
                .Select(i => $$$"""{ "uri":"ui://w{{{i}}}","mimeType":"text/html","n":1.50{{{Meta()}}} }""");
            return $$$"""{"id":{{{random.Next()}}},"result":{"contents":[{{{string.Join(" , ", entries)}}}],"x":"\u00e9"}}""";
        }

        private string Meta() =>
            random.Next(3) == 0
                ? ""
                : $",\"_meta\":{Object([Ui, OpenAi, () => "\"other\":{\"csp\":[]}", () => "\"openai/widgetDomain\":\"d\""])}";

        private string Ui() =>
            $"\"ui\": {Object([() => $"\"csp\":{Lists("connectDomains", "resourceDomains", "frameDomains")}", () => "\"domain\":\"x\"", () => "\"prefersBorder\":true"])}";

        private string OpenAi() => $"\"openai/widgetCSP\":{Lists("connect_domains", "frame_domains", "redirect_domains")}";

        private string Lists(params string[] names) =>
            Object([.. names.Select<string, Func<string>>(name => () => $"\"{name}\":{List()}"), () => "\"future\":[1.0]"]);

        private string List() =>
            $"[{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{s_sources[random.Next(s_sources.Length)]}\""))}]";

        private string Object(Func<string>[] members) =>
            $"{{ {string.Join(" ,", members.Where(_ => random.Next(2) == 0).OrderBy(_ => random.Next()).Select(member => member()))} }}";
    }
}
