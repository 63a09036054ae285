using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

public sealed class ConnectorAuthenticationTests : IDisposable
{
    private static readonly string s_anonymous = "mcpra_" + new string('A', 43);

    private readonly TemporaryFolder _folder = new();
    private readonly RelayOptions _options;
    private readonly TokenStore _tokens;
    private readonly ConnectorAuthentication _authentication;

    public ConnectorAuthenticationTests()
    {
        _options = new RelayOptions { DataDirectory = _folder.FullName };
        _tokens = new TokenStore(new RelayDatabase(_options), new ManualTimeProvider());
        _authentication = new ConnectorAuthentication(_tokens, Options.Create(_options));
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("bearer ")]
    [InlineData("Bearer   ")]
    public void Token_TellsItsName(string scheme)
    {
        var (identity, refusal) = Authenticate(scheme + _tokens.Create("alice"));

        Assert.Equal(new ConnectorIdentity("token:alice"), identity);
        Assert.Null(refusal);
    }

    [Fact]
    public void AnonymousSecret_TellsItsHash()
    {
        var (identity, refusal) = Authenticate($"Bearer {s_anonymous}");

        Assert.Equal(new ConnectorIdentity($"anon:{Credential.Hash(s_anonymous)}"), identity);
        Assert.Null(refusal);
    }

    [Fact]
    public void AnonymousSecretWhereTokensAreWanted_IsRefused()
    {
        _options.AllowAnonymous = false;

        var (identity, refusal) = Authenticate($"Bearer {s_anonymous}");

        Assert.Null(identity);
        Assert.Equal(ErrorCatalog.AnonymousRefused, refusal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer mcpra_short")]
    [InlineData("Bearer mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Basic mcpra_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void AnythingElse_IsRefused(string? header)
    {
        var (identity, refusal) = Authenticate(header);

        Assert.Null(identity);
        Assert.Equal(ErrorCatalog.BadCredential, refusal);
    }

    [Fact]
    public void TwoAuthorizations_AreRefused()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = new([$"Bearer {s_anonymous}", $"Bearer {s_anonymous}"]);

        Assert.Equal(ErrorCatalog.BadCredential, _authentication.Authenticate(request).Refusal);
    }

    [Fact]
    public void RevokedToken_IsRefused()
    {
        var token = _tokens.Create("alice");
        _tokens.Revoke("alice");

        Assert.Equal(ErrorCatalog.BadCredential, Authenticate($"Bearer {token}").Refusal);
    }

    [Fact]
    public async Task TokenThatCannotBeLookedUp_IsNotCalledBad()
    {
        var token = _tokens.Create("alice");
        SqliteConnection.ClearAllPools();
        File.Delete(_folder.PathOf("relay.db-wal"));
        await File.WriteAllTextAsync(_folder.PathOf("relay.db"), new string('x', 8192), TestContext.Current.CancellationToken);

        Assert.Equal(ErrorCatalog.StoreUnavailable, Authenticate($"Bearer {token}").Refusal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private (ConnectorIdentity? Identity, ProxyError? Refusal) Authenticate(string? authorization)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = authorization;
        return _authentication.Authenticate(request);
    }
}
