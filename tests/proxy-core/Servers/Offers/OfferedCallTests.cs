using System.Text;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Servers.Offers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Servers.Offers;

public sealed class OfferedCallTests
{
    private static readonly ServerOffer s_offer = new(
        new McpServerOptions
        {
            Urls = [new Uri("http://localhost:9000/mcp")],
            Tools = NameRulesTests.Options("", "rm", "* -> t_*"),
            Prompts = NameRulesTests.Options("", "", "greet -> grüße"),
            Resources = NameRulesTests.Options("", "file:///etc/*", "file:///a -> file:///b"),
        }
    );

    [Theory]
    [InlineData(
        """{"jsonrpc":"2.0","id":1E3,"method":"tools/call","params":{"x":1.0,"name" : "t_a\u0062"}}""",
        """{"jsonrpc":"2.0","id":1E3,"method":"tools/call","params":{"x":1.0,"name" : "ab"}}"""
    )]
    [InlineData("""{"method":"prompts/get","params":{"name":"grüße"}}""", """{"method":"prompts/get","params":{"name":"greet"}}""")]
    [InlineData(
        """{"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"gr\u00fc\u00dfe"}}}""",
        """{"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"greet"}}}"""
    )]
    [InlineData(
        """{"method":"resources/read","params":{"uri":"file:///b"}}""",
        """{"method":"resources/read","params":{"uri":"file:///a"}}"""
    )]
    [InlineData(
        """{"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["x","file:///b"]}}}""",
        """{"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["x","file:///a"]}}}"""
    )]
    [InlineData(
        """[{"method":"tools/call","params":{"name":"t_1"}},{"method":"tools/call","params":{"name":"t_2"}}]""",
        """[{"method":"tools/call","params":{"name":"1"}},{"method":"tools/call","params":{"name":"2"}}]"""
    )]
    [InlineData("""{"method":"tools/list"}""", null)]
    [InlineData("""{"method":"other","params":{"name":"rm"}}""", null)]
    [InlineData("""{"method":"tools/call","params":{"name":7}}""", null)]
    [InlineData("""{"method":"tools/call"}""", null)]
    [InlineData("""{"id":1,"result":{"name":"rm"}}""", null)]
    public void Names_BecomeTheServersOwn(string sent, string? arrived)
    {
        var call = Read(sent)!;

        Assert.Null(call.Refused);
        Assert.Equal(arrived, call.Changed is { } changed ? Encoding.UTF8.GetString(changed.Span) : null);
    }

    [Theory]
    [InlineData("""{"method":"tools/call","params":{"name":"t_rm"}}""", "t_rm")]
    [InlineData("""{"method":"tools/call","params":{"name":"rm"}}""", "rm")]
    [InlineData("""{"method":"tools/c\u0061ll","p\u0061rams":{"n\u0061me":"rm"}}""", "rm")]
    [InlineData("""[{"method":"tools/call","params":{"name":"t_1"}},{"method":"tools/call","params":{"name":"t_rm"}}]""", "t_rm")]
    [InlineData("""{"method":"resources/read","params":{"uri":"file:///etc/passwd"}}""", "file:///etc/passwd")]
    [InlineData("""{"method":"resources/read","params":{"uri":"file:///a"}}""", "file:///a")]
    [InlineData(
        """{"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["x","file:///etc/x"]}}}""",
        "file:///etc/x"
    )]
    public void WhatIsNotForCallers_IsRefused(string sent, string name)
    {
        Assert.Equal(name, Read(sent)!.Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("[[]]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"method":"tools/list","method":"tools/call","params":{"name":"t_rm"}}""")]
    [InlineData("""{"method":"tools/call","params":{"name":"t_a","name":"rm"}}""")]
    [InlineData("""{"method":"tools/call","params":{"name":"t_a"},"params":{"name":"rm"}}""")]
    [InlineData("""{"method":"tools/call","params":{"name":"\ud800"}}""")]
    public void WhatServersCouldReadOtherwise_IsNotReadAtAll(string sent)
    {
        Assert.Null(Read(sent));
    }

    private static OfferedCall? Read(string json) => OfferedCall.Read(Encoding.UTF8.GetBytes(json), s_offer);
}
