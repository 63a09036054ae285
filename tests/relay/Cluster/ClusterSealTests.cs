using System.Text;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Xunit;

namespace Tunnel.Relay.Tests.Cluster;

public sealed class ClusterSealTests
{
    private const string Secret = "-----BEGIN PRIVATE KEY-----";

    [Fact]
    public void WhatOneRelayCloses_AnotherOpens()
    {
        var closed = SealOf("the cluster's key").Close(Secret, "certificate");

        Assert.Equal(Secret, SealOf("the cluster's key").TryOpen(closed, "certificate"));
        Assert.Equal(string.Empty, SealOf("key").TryOpen(SealOf("key").Close(string.Empty, "x"), "x"));
        Assert.DoesNotContain("PRIVATE", closed, StringComparison.Ordinal);
        Assert.NotEqual(closed, SealOf("the cluster's key").Close(Secret, "certificate"), StringComparer.Ordinal);
    }

    [Fact]
    public void AnotherKeyOrPurpose_DoesNotOpen()
    {
        var closed = SealOf("the cluster's key").Close(Secret, "certificate a");

        Assert.Null(SealOf("another key").TryOpen(closed, "certificate a"));
        Assert.Null(SealOf("the cluster's key").TryOpen(closed, "certificate b"));
    }

    [Fact]
    public void WhatWasChangedAnywhere_DoesNotOpen()
    {
        var seal = SealOf("the cluster's key");
        var closed = seal.Close(Secret, "certificate");
        for (var index = 0; index < closed.Length - 1; index++)
        {
            var changed = new StringBuilder(closed) { [index] = closed[index] == 'A' ? 'B' : 'A' };
            Assert.Null(seal.TryOpen(changed.ToString(), "certificate"));
            Assert.Null(seal.TryOpen(closed[..index], "certificate"));
        }
    }

    private static ClusterSeal SealOf(string key) => new(new RelayOptions { ClusterSecret = Encoding.UTF8.GetBytes(key) });
}
