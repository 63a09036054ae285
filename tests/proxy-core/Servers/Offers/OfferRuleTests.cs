using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Servers.Offers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Servers.Offers;

public sealed class OfferRuleTests
{
    private readonly OfferRule _rule = new();

    [Theory]
    [InlineData("""{"result":{"tools":[{"name":"a"},{"name":"b"}]}}""", """{"result":{"tools":[{"name":"t_a"},{"name":"t_b"}]}}""")]
    [InlineData(
        """{"result":{"tools":[ {"name":"rm"} , {"name":"a"} ],"nextCursor":"c=="}}""",
        """{"result":{"tools":[ {"name":"t_a"} ],"nextCursor":"c=="}}"""
    )]
    [InlineData(
        """{"result":{"tools":[{"name":"a"},{"name":"rm"},{"name":"rm"},{"name":"b"}]}}""",
        """{"result":{"tools":[{"name":"t_a"},{"name":"t_b"}]}}"""
    )]
    [InlineData("""{"result":{"tools":[{"name":"rm"},{"name":"rm"}]}}""", """{"result":{"tools":[]}}""")]
    [InlineData("""{"result":{"tools":[{"name":"a"},{"name":"rm"}]}}""", """{"result":{"tools":[{"name":"t_a"}]}}""")]
    [InlineData("""{"result":{"tools":[{"title":"rm"},7]}}""", """{"result":{"tools":[{"title":"rm"},7]}}""")]
    [InlineData(
        """{"result":{"tools":[{"name":"a","_meta":{"ui":{"resourceUri":"ui://a"},"openai/outputTemplate":"ui://a"}}]}}""",
        """{"result":{"tools":[{"name":"t_a","_meta":{"ui":{"resourceUri":"ui://b"},"openai/outputTemplate":"ui://b"}}]}}"""
    )]
    [InlineData(
        """[{"result":{"resources":[{"uri":"x"},{"uri":"ui://a"}]}},{"result":{"resourceTemplates":[{"uriTemplate":"secret:{x}"}]}}]""",
        """[{"result":{"resources":[{"uri":"x"},{"uri":"ui://b"}]}},{"result":{"resourceTemplates":[]}}]"""
    )]
    [InlineData(
        """{"result":{"contents":[{"uri":"ui://a","text":"ui://a"}]}}""",
        """{"result":{"contents":[{"uri":"ui://b","text":"ui://a"}]}}"""
    )]
    [InlineData(
        """{"method":"notifications/resources/updated","params":{"uri":"ui://a"}}""",
        """{"method":"notifications/resources/updated","params":{"uri":"ui://b"}}"""
    )]
    [InlineData("""{"method":"sampling/createMessage","params":{"tools":[{"name":"rm"}]}}""", null)]
    public void Lists_HaveWhatIsForCallers(string sent, string? got)
    {
        var edited = new MessageEditor([_rule], Scope("GET", method: null)).Edit(Encoding.UTF8.GetBytes(sent));

        Assert.Equal(got is null || got == sent ? null : got, edited is { } text ? Encoding.UTF8.GetString(text.Span) : null);
    }

    [Theory]
    [InlineData("POST", "tools/list", true)]
    [InlineData("POST", "tools/call", false)]
    [InlineData("POST", "notifications/initialized", false)]
    [InlineData("GET", null, true)]
    [InlineData("DELETE", null, false)]
    public void OtherAnswers_AreNotLookedAt(string httpMethod, string? method, bool applies)
    {
        Assert.Equal(applies, _rule.MayApply(Scope(httpMethod, method)));
    }

    private static ExchangeScope Scope(string httpMethod, string? method)
    {
        var server = TestServers.Create(
            new McpServerOptions
            {
                Urls = [new Uri("http://localhost:9000/mcp")],
                Tools = NameRulesTests.Options("", "rm", "* -> t_*"),
                Resources = NameRulesTests.Options("", "secret:*", "ui://a -> ui://b"),
            }
        );
        return new ExchangeScope
        {
            Context = new DefaultHttpContext { Request = { Method = httpMethod } },
            Message = method is null ? null : new JsonRpcSummary { Method = method },
            Path = "/mcp",
            Server = server,
            Upstream = server.Upstreams.All[0],
            UpstreamOrigin = server.Upstreams.All[0].Origin,
            CallerOrigin = "http://localhost:3000",
            Client = null,
        };
    }
}
