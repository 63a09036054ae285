using System.Text;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Xunit;

namespace Tunnel.Relay.Tests.Cluster;

public sealed class ClusterKeyTests
{
    [Fact]
    public void SameSecret_IsTheSameKey()
    {
        Assert.True(Key("a secret with ümlauts").Is(Key("a secret with ümlauts").Shown));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a secret")]
    [InlineData("ü")]
    public void AnythingElse_IsNot(string shown)
    {
        Assert.False(Key("a secret").Is(shown));
        Assert.False(Key("a secret").Is(Key("another").Shown));
    }

    [Fact]
    public void Key_ShowsItselfToRelaysOnly()
    {
        var key = Key("a secret");

        Assert.Matches("^[A-Za-z0-9_-]{43}$", key.Shown);
        Assert.DoesNotContain(key.Shown, key.ToString(), StringComparison.Ordinal);
    }

    private static ClusterKey Key(string secret) => ClusterKey.Of(new RelayOptions { ClusterSecret = Encoding.UTF8.GetBytes(secret) });
}
