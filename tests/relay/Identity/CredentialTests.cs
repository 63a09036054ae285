using Tunnel.Relay.Identity;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

public sealed class CredentialTests
{
    private static readonly string s_secret = new('A', 43);

    [Fact]
    public void NewToken_IsOneAndAnotherEachTime()
    {
        var tokens = Enumerable.Range(0, 100).Select(_ => Credential.NewToken()).ToArray();

        Assert.All(tokens, token => Assert.Equal(CredentialKind.Token, Credential.Parse(token)?.Kind));
        Assert.Equal(tokens.Length, tokens.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Prefix_TellsTheKind()
    {
        Assert.Equal(CredentialKind.Anonymous, Credential.Parse("mcpra_" + s_secret)?.Kind);
        Assert.Equal(CredentialKind.Token, Credential.Parse("mcprt_" + s_secret)?.Kind);
        Assert.Equal(CredentialKind.Foreign, Credential.Parse("MCPRT_" + s_secret)?.Kind);
        Assert.Equal(CredentialKind.Foreign, Credential.Parse("eyJhbGciOi")?.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mcprt_")]
    [InlineData("mcprt_AAAA")]
    [InlineData("mcpra_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    public void AnythingShorterLongerOrElse_IsNone(string credential)
    {
        Assert.Null(Credential.Parse(credential));
    }

    [Fact]
    public void EndlessCredential_IsNone()
    {
        Assert.Null(Credential.Parse(new string('x', 5000)));
    }

    [Fact]
    public void Hash_IsStableAndTellsCredentialsApart()
    {
        // SHA-256 of "abc", from FIPS 180-2 appendix B.1
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Credential.HashOf("abc"));
    }

    [Fact]
    public void Text_DoesNotGiveItAway()
    {
        var credential = Credential.Parse("mcprt_" + s_secret)!;

        Assert.DoesNotContain(s_secret, credential.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(s_secret, Identities.Of(credential).ToString(), StringComparison.Ordinal);
    }
}
