using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.State;
using Tunnel.Relay.Tests.Tunnels;
using Tunnel.Relay.Tunnels;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

public sealed class CredentialWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly RelayOptions _options;
    private readonly SqliteTokenStore _tokens;
    private readonly CredentialVerifier _verifier;
    private readonly ConnectorAuthentication _authentication;
    private readonly TunnelRegistry _tunnels;
    private readonly RecordedEvictions _evictions = new();
    private readonly CredentialWatch _watch;

    public CredentialWatchTests()
    {
        _options = new RelayOptions { DataDirectory = _folder.FullName };
        _tokens = new SqliteTokenStore(new RelayDatabase(_options), _time);
        _verifier = new CredentialVerifier(Options.Create(_options), _time, NullLogger<CredentialVerifier>.Instance);
        _authentication = new ConnectorAuthentication(_tokens, _verifier, Options.Create(_options));
        _tunnels = new TunnelRegistry(Options.Create(_options), _time, NullLogger<TunnelRegistry>.Instance);
        _watch = new CredentialWatch(_tunnels, _authentication, _evictions, _time, NullLogger<CredentialWatch>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoodToken_KeepsItsTunnels()
    {
        await OpenAsync("otter");

        await CheckAsync();

        Assert.Empty(_evictions.All);
    }

    [Fact]
    public async Task RevokedToken_LosesAllItsTunnels()
    {
        var token = await CreateAsync();
        await OpenAsync("otter", token);
        await OpenAsync("badger", token);
        await OpenAsync("heron", await CreateAsync("bob"));

        await _tokens.RevokeAsync("alice", Cancellation);
        await CheckAsync();

        Assert.Equal(
            ["badger", "otter"],
            _evictions.All.Select(each => each.Session.Name).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        Assert.All(_evictions.All, each => Assert.Equal(ErrorCatalog.CredentialEnded, each.Reason));
    }

    [Fact]
    public async Task ExpiredToken_LosesItsTunnels()
    {
        await OpenAsync("otter", await CreateAsync(change: record => record with { ExpiresAt = _time.GetUtcNow().AddHours(1) }));

        await CheckAsync();
        var before = _evictions.All.Count;
        _time.Advance(TimeSpan.FromHours(1));
        await CheckAsync();

        Assert.Equal(0, before);
        Assert.Equal(ErrorCatalog.CredentialEnded, Assert.Single(_evictions.All).Reason);
    }

    [Fact]
    public async Task StoreThatCannotBeRead_EndsNothing()
    {
        await OpenAsync("otter");
        SqliteConnection.ClearAllPools();
        File.Delete(_folder.PathOf("relay.db-wal"));
        await File.WriteAllTextAsync(_folder.PathOf("relay.db"), new string('x', 8192), Cancellation);

        await CheckAsync();

        Assert.Empty(_evictions.All);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WhatNobodyForesaw_DoesNotEndTheWatch()
    {
        var tokens = new StumblingTokens(_tokens);
        var authentication = new ConnectorAuthentication(tokens, _verifier, Options.Create(_options));
        using var watch = new CredentialWatch(_tunnels, authentication, _evictions, _time, NullLogger<CredentialWatch>.Instance);
        await OpenAsync("otter");
        await _tokens.RevokeAsync("alice", Cancellation);

        await watch.StartAsync(Cancellation);
        for (var round = 0; round < 3; round++)
        {
            // One for tokens, one for those of a verifier.
            while (_time.PendingTimers < 2)
            {
                await Task.Yield();
            }

            _time.Advance(CredentialWatch.Every);
            await tokens.Asked.ReadAsync(Cancellation);
        }

        await watch.StopAsync(Cancellation);
        Assert.NotEmpty(_evictions.All);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _tunnels.Dispose();
        _verifier.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private Task CheckAsync() => _watch.CheckAsync(CredentialKind.Token, Cancellation);

    private async Task<string> CreateAsync(string name = "alice", Func<TokenRecord, TokenRecord>? change = null)
    {
        var token = Credential.NewToken();
        var record = new TokenRecord { Name = name, CreatedAt = _time.GetUtcNow() };
        await _tokens.AddAsync(change?.Invoke(record) ?? record, Credential.HashOf(token), Cancellation);
        return token;
    }

    private async Task OpenAsync(string name, string? token = null)
    {
        var (identity, _) = await _authentication.IdentifyAsync(Credential.Parse(token ?? await CreateAsync())!, inUse: null, Cancellation);
        Assert.True(_tunnels.TryOpen(new TunnelSession(Sessions.Terms(name) with { Owner = identity! }), out _));
    }

    /// <summary>Fails at first for no reason that it knows of.</summary>
    private sealed class StumblingTokens(ITokenStore tokens) : ITokenStore
    {
        private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();
        private bool _hasFailed;

        public ChannelReader<bool> Asked => _asked.Reader;

        public ValueTask<TokenRecord?> FindAsync(string hash, TokenRecord? inUse, CancellationToken cancellationToken)
        {
            _asked.Writer.TryWrite(true);
            if (_hasFailed)
            {
                return tokens.FindAsync(hash, inUse, cancellationToken);
            }

            _hasFailed = true;
            throw new InvalidOperationException("not foreseen");
        }

        public ValueTask<bool> AddAsync(TokenRecord token, string hash, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<bool> RevokeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
