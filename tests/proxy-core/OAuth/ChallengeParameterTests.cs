using Tunnel.ProxyCore.OAuth;
using Xunit;

namespace Tunnel.ProxyCore.Tests.OAuth;

public sealed class ChallengeParameterTests
{
    [Theory]
    [InlineData("Bearer resource_metadata=\"u\"", "Bearer resource_metadata=\"U\"")]
    [InlineData(
        "Bearer realm=\"a, b\", resource_metadata=\"u\", scope=\"x y\"",
        "Bearer realm=\"a, b\", resource_metadata=\"U\", scope=\"x y\""
    )]
    [InlineData("Bearer Resource_Metadata = \"u\"", "Bearer Resource_Metadata = \"U\"")]
    [InlineData("Bearer resource_metadata=u,error=\"x\"", "Bearer resource_metadata=U,error=\"x\"")]
    [InlineData("Bearer resource_metadata=\"\\u\"", "Bearer resource_metadata=\"U\"")]
    [InlineData(
        "Basic realm=\"r\", Bearer resource_metadata=\"u\", DPoP resource_metadata=\"u\"",
        "Basic realm=\"r\", Bearer resource_metadata=\"U\", DPoP resource_metadata=\"U\""
    )]
    public void Url_IsReplacedAndNothingElse(string challenge, string expected)
    {
        Assert.Equal(expected, ChallengeParameter.Replace(challenge, ChallengeParameter.ResourceMetadata, url => url == "u" ? "U" : null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer realm=\"resource_metadata=u\"")]
    [InlineData("Bearer realm=\"\\\", resource_metadata=u\"")]
    [InlineData("Bearer x_resource_metadata=\"u\"")]
    [InlineData("Bearer resource_metadata=\"v\"")]
    [InlineData("Bearer resource_metadata")]
    [InlineData("Bearer resource_metadata=")]
    [InlineData("Bearer realm=\"open, resource_metadata=u")]
    [InlineData("Negotiate dGVzdA==")]
    [InlineData(",, = \" \\")]
    public void AnythingElse_KeepsItsText(string challenge)
    {
        Assert.Equal(challenge, ChallengeParameter.Replace(challenge, ChallengeParameter.ResourceMetadata, url => url == "u" ? "U" : null));
    }

    [Theory]
    [InlineData("Bearer error=\"insufficient_scope\", scope=\"a b\"", "scope", "a b")]
    [InlineData("Bearer scope=a, scope=b", "scope", "a")]
    [InlineData("Bearer realm=\"scope=x\"", "scope", null)]
    public void Parameter_IsFoundByItsName(string challenge, string name, string? expected) =>
        Assert.Equal(expected, ChallengeParameter.Find(challenge, name));
}
