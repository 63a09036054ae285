using System.Text;
using Microsoft.Data.Sqlite;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

public sealed class TokenStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void CreatedToken_IsFoundByItsName()
    {
        var token = Open().Create("alice")!;

        Assert.Equal("alice", Open().Find(token));
    }

    [Fact]
    public void UnknownToken_IsNotFound()
    {
        var tokens = Open();
        tokens.Create("alice");

        Assert.Null(tokens.Find(Credential.NewToken()));
    }

    [Fact]
    public void NameThatIsTaken_GetsNoSecondToken()
    {
        var tokens = Open();
        var token = tokens.Create("alice")!;

        Assert.Null(tokens.Create("alice"));
        Assert.Equal("alice", tokens.Find(token));
    }

    [Fact]
    public void RevokedToken_IsWorthlessAndItsNameFree()
    {
        var tokens = Open();
        var token = tokens.Create("alice")!;

        Assert.True(tokens.Revoke("alice"));
        Assert.False(tokens.Revoke("alice"));
        Assert.Null(tokens.Find(token));
        Assert.NotNull(tokens.Create("alice"));
    }

    [Fact]
    public void List_IsByNameWithTheTimeOfCreation()
    {
        var tokens = Open();
        var first = _time.GetUtcNow();
        tokens.Create("bob");
        _time.Advance(TimeSpan.FromHours(1));
        tokens.Create("alice");

        Assert.Equal([("alice", first.AddHours(1)), ("bob", first)], tokens.List());
    }

    [Fact]
    public void TokenItself_IsNotInTheFile()
    {
        var token = Open().Create("alice")!;
        SqliteConnection.ClearAllPools();

        var files = Directory.GetFiles(_folder.FullName).Select(File.ReadAllBytes).ToArray();

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(token)) >= 0);
        Assert.Contains(files, file => file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Credential.Hash(token))) >= 0);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private TokenStore Open() => new(new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName }), _time);
}
