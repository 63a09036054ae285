using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

public sealed class NamePatternsTests
{
    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("alice-*", "alice-shop", true)]
    [InlineData("alice-*", "alice", false)]
    [InlineData("alice-*", "malice-shop", false)]
    [InlineData("ALICE-*, shop", "shop", true)]
    [InlineData("shop", "shop2", false)]
    [InlineData("*-shop", "my-shop", true)]
    public void Name_IsAllowedWhereAPatternSays(string patterns, string name, bool isAllowed)
    {
        Assert.Equal(isAllowed, NamePatterns.Parse(patterns)!.Allows(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,,b")]
    [InlineData("a b")]
    [InlineData("a?")]
    [InlineData("über")]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17")]
    public void AnythingElse_IsNoPattern(string patterns)
    {
        Assert.Null(NamePatterns.Parse(patterns));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("alice-*")]
    [InlineData("alice-*,*-bob")]
    [InlineData("shop")]
    public void Candidates_AreAllowedAndValid(string text)
    {
        var patterns = NamePatterns.Parse(text)!;

        var candidates = patterns.Candidates();

        Assert.NotEmpty(candidates);
        Assert.All(candidates, candidate => Assert.True(patterns.Allows(candidate), candidate));
        Assert.All(candidates, candidate => Assert.Equal(candidate, NameRules.Normalize(candidate)));
    }

    [Fact]
    public void OnlyName_IsThereWhereThereIsNoChoice()
    {
        Assert.Equal("shop", NamePatterns.Parse("shop")!.OnlyName);
        Assert.Null(NamePatterns.Parse("shop,store")!.OnlyName);
        Assert.Null(NamePatterns.Any.OnlyName);
    }

    [Fact]
    public void NullAmongThem_IsNoPattern()
    {
        Assert.Null(NamePatterns.From(["otter", null]));
    }
}
