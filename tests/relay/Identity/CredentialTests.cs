using Tunnel.Relay.Identity;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

public sealed class CredentialTests
{
    private static readonly string s_secret = new('A', 43);

    [Fact]
    public void NewToken_IsWellFormedAndAnotherOneEachTime()
    {
        var tokens = Enumerable.Range(0, 100).Select(_ => Credential.NewToken()).ToArray();

        Assert.All(tokens, token => Assert.True(Credential.IsWellFormed(token, Credential.TokenPrefix), token));
        Assert.Equal(tokens.Length, tokens.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void CredentialOfTheKind_IsWellFormed()
    {
        Assert.True(Credential.IsWellFormed("mcpra_" + s_secret, Credential.AnonymousPrefix));
        Assert.False(Credential.IsWellFormed("mcpra_" + s_secret, Credential.TokenPrefix));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mcprt_")]
    [InlineData("mcprt_AAAA")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("MCPRT_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void AnythingShorterLongerOrElse_IsNot(string credential)
    {
        Assert.False(Credential.IsWellFormed(credential, Credential.TokenPrefix));
    }

    [Fact]
    public void Hash_IsStableAndTellsCredentialsApart()
    {
        // SHA-256 of "abc", from FIPS 180-2 appendix B.1
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Credential.Hash("abc"));
    }
}
