using Tunnel.ProxyCore.Captures;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Captures;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("Authorization", true)]
    [InlineData("Proxy-Authorization", true)]
    [InlineData("Cookie", true)]
    [InlineData("Set-Cookie", true)]
    [InlineData("X-API-Key", true)]
    [InlineData("X-Auth-Thing", true)]
    [InlineData("x-amz-security-token", true)]
    [InlineData("Client-Secret", true)]
    [InlineData("Ocp-Apim-Subscription-Key", true)]
    [InlineData("Idempotency-Key", false)]
    [InlineData("Content-Type", false)]
    [InlineData("WWW-Authenticate", false)]
    [InlineData("Mcp-Session-Id", false)]
    public void Headers_AreKnownByTheirNames(string name, bool isSecret) => Assert.Equal(isSecret, Secrets.IsSecretHeader(name));

    [Theory]
    [InlineData("""{"api_key":"sk\"1","a":"b"}""", """{"api_key":"[redacted]","a":"b"}""")]
    [InlineData("""{"text":"{\"password\": \"p1\", \"x\": \"y\"}"}""", """{"text":"{\"password\": \"[redacted]\", \"x\": \"y\"}"}""")]
    [InlineData("""data: {"accessToken" : "cut off""", """data: {"accessToken" : "[redacted]" """)]
    [InlineData(
        """{"progressToken":"a","nextPageToken":"b","maxTokens":5}""",
        """{"progressToken":"a","nextPageToken":"b","maxTokens":5}"""
    )]
    [InlineData("""{"author":"Ada","authorization":{"kind":"none"}}""", """{"author":"Ada","authorization":{"kind":"none"}}""")]
    [InlineData("""{"_meta":{"openai/subject":"v1/abc"}}""", """{"_meta":{"openai/subject":"[redacted]"}}""")]
    public void TextsBesideNamesOfSecrets_AreTakenOut(string text, string shown) =>
        Assert.Equal(shown.TrimEnd(), Secrets.WithoutSecretTexts(text));

    [Theory]
    [InlineData("/mcp?auth_key=abc&x=1", "/mcp?auth_key=[redacted]&x=1")]
    [InlineData("/cb?code=abc&state=1", "/cb?code=[redacted]&state=1")]
    [InlineData("/mcp?city=Oslo&zipcode=1", "/mcp?city=Oslo&zipcode=1")]
    [InlineData("/token?x=1", "/token?x=1")]
    [InlineData("https://a.example/cb?state=1&code=abc", "https://a.example/cb?state=1&code=[redacted]")]
    [InlineData("code=abc&grant_type=authorization_code", "code=[redacted]&grant_type=authorization_code")]
    [InlineData("client_id=a&client_secret=b&refresh_token=c", "client_id=a&client_secret=[redacted]&refresh_token=[redacted]")]
    [InlineData("code_verifier=a&client_assertion=b", "code_verifier=[redacted]&client_assertion=[redacted]")]
    public void QueriesAndForms_LoseTheirs(string target, string shown) => Assert.Equal(shown, Secrets.WithoutSecrets(target));

    [Fact]
    public void LongBodies_TakeNoTime()
    {
        var text = string.Concat(Enumerable.Repeat("\"token\\\\", 9_000));

        Assert.NotEmpty(Secrets.WithoutSecretTexts(text));
    }
}
