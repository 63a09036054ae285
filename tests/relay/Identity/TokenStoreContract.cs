using Tunnel.Relay.Identity;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

/// <summary>What every token store promises. A further implementation is tested by one more subclass.</summary>
public abstract class TokenStoreContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddedToken_IsFoundByItsHashWithAllItSays()
    {
        var token = Record("alice") with { Names = NamePatterns.Parse("alice-*,shop")!, MaxTunnels = 5, ExpiresAt = Now.AddDays(90) };
        await Open().AddAsync(token, "hash", Token);

        var found = await Open().FindAsync("hash", inUse: null, Token);

        Assert.Equal(("alice", 5, token.CreatedAt, token.ExpiresAt), (found!.Name, found.MaxTunnels, found.CreatedAt, found.ExpiresAt));
        Assert.Equal("alice-*,shop", found.Names.ToString());
        Assert.Null(await Open().FindAsync("other", inUse: null, Token));
    }

    [Fact]
    public async Task TokenThatSaysNothing_AllowsEveryNameForGood()
    {
        await Open().AddAsync(Record("alice"), "hash", Token);

        var found = await Open().FindAsync("hash", inUse: null, Token);

        Assert.Equal((null, null), (found!.MaxTunnels, found.ExpiresAt));
        Assert.True(found.Names.Allows("anything"));
    }

    [Fact]
    public async Task NameThatIsTaken_GetsNoSecondToken()
    {
        var tokens = Open();
        await tokens.AddAsync(Record("alice"), "hash", Token);

        Assert.False(await tokens.AddAsync(Record("alice"), "other", Token));
        Assert.NotNull(await tokens.FindAsync("hash", inUse: null, Token));
        Assert.Null(await tokens.FindAsync("other", inUse: null, Token));
    }

    [Fact]
    public async Task RevokedToken_IsWorthlessAndItsNameFree()
    {
        var tokens = Open();
        await tokens.AddAsync(Record("alice"), "hash", Token);

        Assert.True(await tokens.RevokeAsync("alice", Token));
        Assert.False(await tokens.RevokeAsync("alice", Token));
        Assert.Null(await tokens.FindAsync("hash", inUse: null, Token));
        Assert.True(await tokens.AddAsync(Record("alice"), "new", Token));
    }

    [Fact]
    public async Task ExpiredToken_IsListedButNotFound()
    {
        var tokens = Open();
        await tokens.AddAsync(Record("alice") with { ExpiresAt = Now.AddHours(1) }, "hash", Token);

        PassTime(TimeSpan.FromMinutes(59));
        Assert.NotNull(await tokens.FindAsync("hash", inUse: null, Token));
        PassTime(TimeSpan.FromMinutes(1));

        Assert.Null(await tokens.FindAsync("hash", inUse: null, Token));
        Assert.Single(await tokens.ListAsync(Token));
    }

    [Fact]
    public async Task List_IsByName()
    {
        var tokens = Open();
        await tokens.AddAsync(Record("bob"), "1", Token);
        await tokens.AddAsync(Record("alice"), "2", Token);

        Assert.Equal(["alice", "bob"], (await tokens.ListAsync(Token)).Select(token => token.Name), StringComparer.Ordinal);
    }

    private protected abstract DateTimeOffset Now { get; }

    /// <summary>One more instance over the same data.</summary>
    private protected abstract ITokenStore Open();

    private protected abstract void PassTime(TimeSpan time);

    private TokenRecord Record(string name) => new() { Name = name, CreatedAt = Now };
}
