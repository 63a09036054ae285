using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Captures;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Captures;

public sealed class ExchangeCapturesTests
{
    [Fact]
    public void HeadersWithUrls_LoseTheSecretsInThose()
    {
        var headers = new HeaderDictionary { ["Location"] = "https://app.example/cb?code=abc&state=1", ["Accept"] = "text/html" };

        var kept = ExchangeCaptures.HeadersOf(headers).ToDictionary(StringComparer.Ordinal);

        Assert.Equal("https://app.example/cb?code=[redacted]&state=1", kept["location"]);
        Assert.Equal("text/html", kept["accept"]);
    }
}
