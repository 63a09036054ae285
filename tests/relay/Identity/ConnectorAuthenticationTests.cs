using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
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
    private readonly ManualTimeProvider _time = new();
    private readonly RelayOptions _options;
    private readonly SqliteTokenStore _tokens;
    private readonly CredentialVerifier _verifier;
    private readonly ConnectorAuthentication _authentication;

    public ConnectorAuthenticationTests()
    {
        _options = new RelayOptions { DataDirectory = _folder.FullName };
        _tokens = new SqliteTokenStore(new RelayDatabase(_options), _time);
        _verifier = new CredentialVerifier(Options.Create(_options), _time, NullLogger<CredentialVerifier>.Instance);
        _authentication = new ConnectorAuthentication(_tokens, _verifier, Options.Create(_options));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("bearer ")]
    [InlineData("Bearer   ")]
    public async Task Token_TellsItsOwnerAndItsLimits(string scheme)
    {
        var expires = _time.GetUtcNow().AddDays(1);
        var token = await CreateAsync(record => record with { MaxTunnels = 3, Names = NamePatterns.Parse("a-*")!, ExpiresAt = expires });

        var (identity, refusal) = await AuthenticateAsync(scheme + token);

        Assert.Null(refusal);
        Assert.Equal(
            ("token:alice", 3, 100, null, expires),
            (identity!.OwnerId, identity.MaxTunnels, identity.MaxNames, identity.KeepNamesFor, identity.ExpiresAt)
        );
        Assert.Equal("a-*", identity.Names.ToString());
    }

    [Fact]
    public async Task AnonymousSecret_TellsItsHashAndHasLimitsOfItsOwn()
    {
        var (identity, refusal) = await AuthenticateAsync($"Bearer {s_anonymous}");

        Assert.Null(refusal);
        Assert.Equal($"anon:{Credential.HashOf(s_anonymous)}", identity!.OwnerId);
        Assert.Equal((20, 50, TimeSpan.FromDays(30)), (identity.MaxTunnels, identity.MaxNames, identity.KeepNamesFor));
    }

    [Fact]
    public async Task AnonymousSecretWhereTokensAreWanted_IsRefused()
    {
        _options.AllowAnonymous = false;

        Assert.Equal((null, ErrorCatalog.AnonymousRefused), await AuthenticateAsync($"Bearer {s_anonymous}"));
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
    public async Task AnythingElse_IsRefused(string? header)
    {
        Assert.Equal((null, ErrorCatalog.BadCredential), await AuthenticateAsync(header));
    }

    [Fact]
    public async Task TwoAuthorizations_AreRefused()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = new([$"Bearer {s_anonymous}", $"Bearer {s_anonymous}"]);

        Assert.Equal(ErrorCatalog.BadCredential, (await _authentication.AuthenticateAsync(request, Cancellation)).Refusal);
    }

    [Fact]
    public async Task RevokedOrExpiredToken_IsRefused()
    {
        var revoked = await CreateAsync();
        await _tokens.RevokeAsync("alice", Cancellation);
        var expired = await CreateAsync(record => record with { ExpiresAt = _time.GetUtcNow().AddHours(1) });
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(ErrorCatalog.BadCredential, (await AuthenticateAsync($"Bearer {revoked}")).Refusal);
        Assert.Equal(ErrorCatalog.BadCredential, (await AuthenticateAsync($"Bearer {expired}")).Refusal);
    }

    [Fact]
    public async Task TokenThatCannotBeLookedUp_IsNotCalledBad()
    {
        var token = await CreateAsync();
        SqliteConnection.ClearAllPools();
        File.Delete(_folder.PathOf("relay.db-wal"));
        await File.WriteAllTextAsync(_folder.PathOf("relay.db"), new string('x', 8192), Cancellation);

        Assert.Equal(ErrorCatalog.StoreUnavailable, (await AuthenticateAsync($"Bearer {token}")).Refusal);
    }

    public void Dispose()
    {
        _verifier.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private async Task<string> CreateAsync(Func<TokenRecord, TokenRecord>? change = null)
    {
        var token = Credential.NewToken();
        var record = new TokenRecord { Name = "alice", CreatedAt = _time.GetUtcNow() };
        Assert.True(await _tokens.AddAsync(change?.Invoke(record) ?? record, Credential.HashOf(token), Cancellation));
        return token;
    }

    private async Task<(ConnectorIdentity? Identity, ProxyError? Refusal)> AuthenticateAsync(string? authorization)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = authorization;
        return await _authentication.AuthenticateAsync(request, Cancellation);
    }
}
