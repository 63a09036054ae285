using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Widgets;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets;

public sealed class WidgetMetadataRuleTests
{
    private const string Own = "\"https://otter.example.com\"";

    [Fact]
    public void DeclaredLists_AreExtendedInBothSpellings_AndTheRestKeepsItsBytes()
    {
        const string Before = """
            { "jsonrpc" : "2.0", "id":12345678901234567890, "result": {"contents":[ {"uri":"ui:\/\/w\/map", "mimeType":"text/html;profile=mcp-app",
              "text":"<b>\u00e9 1.0</b>", "x":1.50, "_meta": {"a":1E3, "ui":{ "prefersBorder" : true, "csp" : {"future":["x"], "connectDomains" : [ "http://localhost:9000", "API.example.com" ], "frameDomains":[]}},
              "openai/widgetCSP":{"resource_domains":["https://cdn.example.com"],"redirect_domains":["https://docs.example.com/"]}, "z":null} } ], "ttlMs":5.0}}
            """;
        const string After = """
            { "jsonrpc" : "2.0", "id":12345678901234567890, "result": {"contents":[ {"uri":"ui:\/\/w\/map", "mimeType":"text/html;profile=mcp-app",
              "text":"<b>\u00e9 1.0</b>", "x":1.50, "_meta": {"a":1E3, "ui":{ "prefersBorder" : true, "csp" : {"future":["x"], "connectDomains" : ["https://otter.example.com","https://api.example.com"], "frameDomains":[],"resourceDomains":["https://cdn.example.com","https://otter.example.com"]}},
              "openai/widgetCSP":{"resource_domains":["https://cdn.example.com","https://otter.example.com"],"redirect_domains":["https://docs.example.com"],"connect_domains":["https://otter.example.com","https://api.example.com"],"frame_domains":[]}, "z":null} } ], "ttlMs":5.0}}
            """;
        var exchange = new WidgetExchange();

        Assert.Equal(After, exchange.Edit(Before));
        Assert.True(exchange.IsCspApplied);
    }

    [Theory]
    [InlineData("resources", "uri")]
    [InlineData("resourceTemplates", "uriTemplate")]
    [InlineData("contents", "uri")]
    public void WidgetThatDeclaresNothing_GetsWhatItNeeds(string list, string uri)
    {
        var before =
            $$$"""{"id":1,"result":{"{{{list}}}":[{"{{{uri}}}":"ui://w","mimeType":"text/html+skybridge"},{"{{{uri}}}":"ui://w","mimeType":"text/plain"},{"{{{uri}}}":"https://w","mimeType":"text/html"}]}}""";

        var after = new WidgetExchange().Edit(before);

        var meta =
            ""","_meta":{"ui":{"csp":{"connectDomains":[OWN],"resourceDomains":[OWN]}},"openai/widgetCSP":{"connect_domains":[OWN],"resource_domains":[OWN]}}""".Replace(
                "OWN",
                Own,
                StringComparison.Ordinal
            );
        Assert.Equal(before.Replace("+skybridge\"", "+skybridge\"" + meta, StringComparison.Ordinal), after);
    }

    [Fact]
    public void EmbeddedResource_InATasksOrBatchesResult_IsFound()
    {
        const string Before =
            """[{"id":1,"result":{"content":[{"type":"resource","resource":{"uri":"ui://w","mimeType":"text/html","_meta":null}}]}},{"id":2,"result":{"result":{"content":[{"resource":{"uri":"ui://w","mimeType":"text/html"}}]}}}]""";

        var after = new WidgetExchange { Client = "Claude" }.Edit(Before);

        var meta =
            "\"_meta\":"
            + """{"ui":{"csp":{"connectDomains":[OWN],"resourceDomains":[OWN]}}}""".Replace("OWN", Own, StringComparison.Ordinal);
        Assert.Equal(
            """[{"id":1,"result":{"content":[{"type":"resource","resource":{"uri":"ui://w","mimeType":"text/html",META}}]}},{"id":2,"result":{"result":{"content":[{"resource":{"uri":"ui://w","mimeType":"text/html",META}}]}}}]""".Replace(
                "META",
                meta,
                StringComparison.Ordinal
            ),
            after
        );
    }

    [Theory]
    [InlineData(
        """{"id":1,"result":{"tools":[{"name":"t","_meta":{"ui":{"resourceUri":"ui://w","csp":{"connectDomains":["http://localhost"]}}}}]}}"""
    )]
    [InlineData(
        """{"id":1,"result":{"content":[{"type":"text","text":"\"resource\" \"ui\" ui://w"}],"structuredContent":{"resource":{"uri":"ui://w","mimeType":"text/html"},"connectDomains":["http://localhost:1"]}}}"""
    )]
    [InlineData("""{"id":1,"result":{"contents":[{"uri":"ui://w","mimeType":"text/html","_meta":"ui"}]}}""")]
    [InlineData("""{"id":1,"result":{"contents":[{"uri":"ui://w","mimeType":"text/html"}]}""")]
    [InlineData("""{"id":1,"result":{"contents":{"uri":"ui://w","mimeType":"text/html"}}}""")]
    [InlineData("""{"id":1,"result":{"contents":[{"uri":7,"mimeType":"text/html"},"ui://w",null]}}""")]
    [InlineData("""{"id":1,"params":{"contents":[{"uri":"ui://w","mimeType":"text/html"}]}}""")]
    [InlineData("")]
    public void WhatIsNoWidget_KeepsItsBytes(string message)
    {
        var exchange = new WidgetExchange();

        Assert.Equal(message, exchange.Edit(message));
        Assert.False(exchange.IsCspApplied);
    }

    [Theory]
    [InlineData("""{"uri":"ui://w","mimeType":"text/html"}""", "private")]
    [InlineData("""{"uri":"file:///x","mimeType":"text/plain"}""", "public")]
    public void AnswerForOneClient_IsNotForSharedCaches(string resource, string expected)
    {
        var after = new WidgetExchange().Edit($$$"""{"id":1,"result":{"resources":[{{{resource}}}],"ttlMs":5,"cacheScope" : "public"}}""");

        Assert.EndsWith($$$""""ttlMs":5,"cacheScope" : "{{{expected}}}"}}"""", after, StringComparison.Ordinal);
    }

    [Fact]
    public void RewrittenMessage_IsNotRewrittenAgain()
    {
        var exchange = new WidgetExchange();

        var once = exchange.Edit("""{"id":1,"result":{"contents":[{"uri":"ui://w","mimeType":"text/html"}]}}""");

        Assert.Equal(once, exchange.Edit(once));
        Assert.False(exchange.IsCspApplied);
    }

    [Fact]
    public void ListOfResources_CountsForWhatIsReadWithoutAPolicy()
    {
        var exchange = new WidgetExchange { Client = "Claude" };
        exchange.Edit(
            """{"id":1,"result":{"resources":[{"uri":"ui://w","mimeType":"text/html","_meta":{"ui":{"prefersBorder":true,"csp":{"connectDomains":["https://api.example.com"]}}}}]}}"""
        );

        var after = exchange.Edit("""{"id":1,"result":{"contents":[{"uri":"ui://w","mimeType":"text/html"}]}}""");

        Assert.Equal(
            """{"id":1,"result":{"contents":[{"uri":"ui://w","mimeType":"text/html","_meta":{"ui":{"prefersBorder":true,"csp":{"connectDomains":["https://api.example.com",OWN],"resourceDomains":[OWN]}}}}]}}""".Replace(
                "OWN",
                Own,
                StringComparison.Ordinal
            ),
            after
        );
    }

    [Fact]
    public void WithoutAPublicOrigin_OnlyRulesAdd()
    {
        const string Before =
            """{"id":1,"result":{"contents":[{"uri":"ui://w","mimeType":"text/html","_meta":{"ui":{"csp":{"connectDomains":["http://localhost:9000"]}}}}]}}""";
        var csp = new CspOptions
        {
            Rules = [new CspRule { Lists = CspRule.None.Lists.Add(CspDirective.Connect, Extend("https://api.example.com")) }],
        };

        Assert.False(new WidgetExchange { PublicOrigin = null }.Rule.MayApply(new WidgetExchange { PublicOrigin = null }.NewScope()));
        Assert.Contains(
            """{"csp":{"connectDomains":["http://localhost:9000","https://api.example.com"]}}""",
            new WidgetExchange { PublicOrigin = null, Csp = csp }.Edit(Before),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("tools/call", true)]
    [InlineData("resources/read", true)]
    [InlineData("resources/list", true)]
    [InlineData("resources/templates/list", true)]
    [InlineData("tools/list", false)]
    [InlineData("initialize", false)]
    [InlineData("prompts/get", false)]
    [InlineData("notifications/initialized", false)]
    public void Method_DecidesWhetherAnAnswerIsLookedInto(string method, bool isLookedInto)
    {
        var exchange = new WidgetExchange { Message = new JsonRpcSummary { Method = method } };

        Assert.Equal(isLookedInto, exchange.Rule.MayApply(exchange.NewScope()));
        Assert.True(
            exchange.Rule.MayApply(
                new WidgetExchange
                {
                    Message = new JsonRpcSummary { Method = method, IsBatch = true },
                }.NewScope()
            )
        );
    }

    [Theory]
    [InlineData("text/event-stream", true)]
    [InlineData("*/*", false)]
    public void EventStream_IsLookedInto(string accept, bool isLookedInto)
    {
        var exchange = new WidgetExchange { Message = null };
        var scope = exchange.NewScope();
        scope.Context.Request.Method = "GET";
        scope.Context.Request.Headers.Accept = accept;

        Assert.Equal(isLookedInto, exchange.Rule.MayApply(scope));
    }

    private static CspListRule Extend(string source) =>
        new(CspMode.Extend, [CspSource.TryParse(source, out var parsed, out _) ? parsed : throw new FormatException()]);
}
