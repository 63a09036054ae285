using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.OAuth;
using Xunit;

namespace Tunnel.ProxyCore.Tests.OAuth;

public sealed class OAuthDocumentRuleTests
{
    private const string Document = "/.well-known/oauth-authorization-server";

    private readonly OAuthPaths _paths = new();
    private readonly ResourceNames _resources = new();

    [Theory]
    [InlineData(
        """{ "resource" : "http://localhost:9000/mcp", "authorization_servers":["http://127.0.0.1:9000/", "https://accounts.example.com"] }""",
        """{ "resource" : "https://otter.example.com/mcp", "authorization_servers":["https://otter.example.com/", "https://accounts.example.com"] }"""
    )]
    [InlineData(
        """{"http://localhost:9000/":1.0,"n":12345678901234567890,"text":"see http://localhost:9000/","x":{"y":[{"url":"http://localhost:9000/é?q=ü"}]}}""",
        """{"http://localhost:9000/":1.0,"n":12345678901234567890,"text":"see http://localhost:9000/","x":{"y":[{"url":"https://otter.example.com/é?q=ü"}]}}"""
    )]
    [InlineData("""{"issuer":"http:\/\/localhost:9000\/a\u0062"}""", """{"issuer":"https://otter.example.com/ab"}""")]
    [InlineData("""["http://localhost:9000"]""", """["https://otter.example.com"]""")]
    [InlineData("""{"issuer":"http://localhost:9000" """, """{"issuer":"http://localhost:9000" """)]
    [InlineData("not JSON http://localhost:9000", "not JSON http://localhost:9000")]
    [InlineData("", "")]
    public void Document_SpeaksOfTheCallersOrigin(string sent, string expected)
    {
        Assert.Equal(expected, Rewrite(Document, sent));
    }

    [Fact]
    public void DocumentOfAServerWithAName_SpeaksOfItsPathsForCallers()
    {
        Assert.Equal(
            """{"resource":"https://otter.example.com/files/mcp","authorization_servers":["https://otter.example.com/files"]}""",
            Rewrite(
                "/.well-known/oauth-protected-resource/files/mcp",
                """{"resource":"http://localhost:9000/mcp","authorization_servers":["http://localhost:9000"]}""",
                "files"
            )
        );
    }

    [Fact]
    public void AnswersOfEndpoints_RepeatWhatTheClientSaid()
    {
        const string Client = """{"redirect_uris":["http://localhost:9000/callback"],"client_uri":"http://localhost:9000/",""" + "\"";

        Assert.Equal(
            Client + """registration_client_uri":"https://otter.example.com/register/1"}""",
            Rewrite("/register", Client + """registration_client_uri":"http://localhost:9000/register/1"}""")
        );
    }

    [Fact]
    public void Endpoints_AreLearnedAlsoWhereTheServerKnowsItsPublicName()
    {
        Rewrite(
            Document,
            """
            {"token_endpoint":"http://localhost:9000/o/token","authorization_endpoint":"https://otter.example.com/o/authorize",
            "jwks_uri":"http://localhost:9000/o/keys","revocation_endpoint":"https://accounts.example.com/revoke","service_documentation":"http://localhost:9000/docs"}
            """
        );

        Assert.All(["/o/token", "/o/authorize", "/o/keys"], path => Assert.True(_paths.IsEndpoint(path)));
        Assert.All(["/revoke", "/docs"], path => Assert.False(_paths.IsEndpoint(path)));
    }

    [Theory]
    [InlineData(200, "text/html")]
    [InlineData(200, null)]
    [InlineData(404, "application/json")]
    public void WhatIsNoDocument_IsLeftAlone(int status, string? contentType)
    {
        var exchange = Exchanges.Of(
            Document,
            context => (context.Response.StatusCode, context.Response.ContentType) = (status, contentType)
        );

        Assert.Null(new OAuthDocumentRule(_paths, _resources).Begin(exchange));
    }

    [Fact]
    public void OtherPaths_AreNotLookedInto()
    {
        Assert.False(new OAuthDocumentRule(_paths, _resources).MayApply(Exchanges.Of("/mcp")));
    }

    private string Rewrite(string path, string body, string? serverName = null)
    {
        var exchange = Exchanges.Of(path, context => context.Response.ContentType = "Application/JSON; charset=utf-8", serverName);
        var rule = new OAuthDocumentRule(_paths, _resources);
        var output = new ArrayBufferWriter<byte>();

        Assert.True(rule.MayApply(exchange));
        var rewriter = rule.Begin(exchange)!;
        foreach (var one in Encoding.UTF8.GetBytes(body))
        {
            rewriter.Write([one], output);
        }

        rewriter.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
