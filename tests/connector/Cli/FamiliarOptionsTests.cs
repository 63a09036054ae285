using Tunnel.Connector.Cli;
using Xunit;

namespace Tunnel.Connector.Tests.Cli;

public sealed class FamiliarOptionsTests
{
    [Theory]
    [InlineData("serve --port 1 -- a --stateless", "serve --port 1 -- a --stateless")]
    [InlineData("serve --stateless -- a", "serve --session stateless -- a")]
    [InlineData("serve --sseEndpoint /e --stream-endpoint=/s -- a", "serve --sse-path /e --stream-path /s -- a")]
    [InlineData("serve --connectionTimeout 60000 --requestTimeout=1 -- a", "serve --start-timeout 60000ms --call-timeout 1ms -- a")]
    [InlineData("serve --sessionIdleTimeout 0 -- a", "serve --idle-timeout off -- a")]
    [InlineData("serve --server sse --endpoint /x -- a", "serve --stream-path off --sse-path /x -- a")]
    [InlineData("serve --server stream --endpoint /x -- a", "serve --sse-path off --stream-path /x -- a")]
    [InlineData("serve --server files=9001 -- a", "serve --server files=9001 -- a")]
    [InlineData("serve --tunnel --tunnelSubdomain me -- a", "tunnel --name me -- a")]
    [InlineData("serve --host :: --sslCert c --sslKey k -- a", "serve --bind :: --tls-cert c --tls-key k -- a")]
    [InlineData("serve --config claude.json", "serve --servers-file claude.json")]
    [InlineData("serve --config mcpr.toml", "serve --config mcpr.toml")]
    [InlineData("serve --eventStore --keepAliveTimeout 1 -- a", "serve -- a")]
    [InlineData("tunnel --stateless -- a", "tunnel --stateless -- a")]
    public void Options_BecomeOurs(string typed, string expected)
    {
        var words = FamiliarOptions.Translate(typed.Split(' '), out var refusal);

        Assert.Null(refusal);
        Assert.Equal(expected, string.Join(' ', words));
    }

    [Theory]
    [InlineData("--no-modern")]
    [InlineData("--noEventStore")]
    public void WhatCannotBeDone_IsRefused(string option)
    {
        FamiliarOptions.Translate(["serve", option, "--", "a"], out var refusal);

        Assert.NotNull(refusal);
    }

    [Theory]
    [InlineData("serve npx -y @scope/pkg --port 3", "serve -- npx -y @scope/pkg --port 3")]
    [InlineData("serve --port 1 npx -y", "serve --port 1 -- npx -y")]
    [InlineData("serve --port=1 npx", "serve --port=1 -- npx")]
    [InlineData("serve --connectionTimeout 5 npx", "serve --connectionTimeout 5 -- npx")]
    [InlineData("serve --debug npx", "serve --debug -- npx")]
    [InlineData("serve --port 1 -- npx -- x", "serve --port 1 -- npx -- x")]
    [InlineData("proxy --mcp 1 x", "proxy --mcp 1 x")]
    public void ProgramWithoutSeparator_GetsOne(string typed, string expected)
    {
        Assert.Equal(expected, string.Join(' ', CommandArgument.Separate(typed.Split(' '), BareCommand.Create())));
    }
}
