using Tunnel.ProxyCore.OAuth;
using Xunit;

namespace Tunnel.ProxyCore.Tests.OAuth;

public sealed class OAuthPathsTests
{
    private readonly OAuthPaths _paths = new();

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource", true)]
    [InlineData("/.well-known/oauth-protected-resource/mcp", true)]
    [InlineData("/.well-known/oauth-authorization-server/tenant/1", true)]
    [InlineData("/.well-known/openid-configuration", true)]
    [InlineData("/tenant/.well-known/openid-configuration", true)]
    [InlineData("/.well-known/openid-configuration2", false)]
    [InlineData("/.well-known/security.txt", false)]
    [InlineData("/oauth-protected-resource", false)]
    [InlineData("/metadata", false)]
    public void WellKnownDocuments_AreKnownInEveryForm(string path, bool isDocument)
    {
        Assert.Equal(isDocument, _paths.IsDocument(path));
    }

    [Fact]
    public void Endpoints_AreTheDefaultsAndWhatWasAnnounced()
    {
        _paths.AddEndpoint("/oauth/token");
        _paths.AddDocument("/metadata");

        Assert.All(["/authorize", "/token", "/register", "/oauth/token"], path => Assert.True(_paths.IsEndpoint(path)));
        Assert.False(_paths.IsEndpoint("/oauth"));
        Assert.True(_paths.IsDocument("/metadata"));
    }

    [Fact]
    public void Root_IsNobodysEndpoint()
    {
        _paths.AddEndpoint("/");

        Assert.False(_paths.IsEndpoint("/"));
    }

    [Fact]
    public void WhatIsRemembered_IsBounded()
    {
        for (var number = 0; number < 1000; number++)
        {
            _paths.AddEndpoint($"/e{number}");
        }

        Assert.True(_paths.IsEndpoint("/token"));
        Assert.False(_paths.IsEndpoint("/e999"));
    }
}
