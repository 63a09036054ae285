using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Dashboard.Api;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard.Api;

public sealed class CaptureExportTests
{
    [Fact]
    public void FormOfALogin_LosesItsSecrets()
    {
        var command = CaptureExport.Curl(
            New("/token", "grant_type=authorization_code&code=abc&client_secret=def", "application/x-www-form-urlencoded")
        );

        Assert.Contains("code=[redacted]&client_secret=[redacted]", command, StringComparison.Ordinal);
    }

    [Fact]
    public void RequestWithoutHost_IsInTheArchiveToo()
    {
        var archive = CaptureExport.Har([New("/mcp?a=1") with { Host = string.Empty }], "1.0");

        var request = archive["log"]!["entries"]![0]!["request"]!;
        Assert.Equal("""[{"name":"a","value":"1"}]""", request["queryString"]!.ToJsonString());
    }

    private static CapturedExchange New(string target, string body = "{}", string type = "application/json") =>
        new()
        {
            RequestId = "r1",
            At = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromMilliseconds(1),
            Server = "s",
            Method = "POST",
            Target = target,
            Host = "localhost",
            Headers = [],
            Body = new CapturedBody(System.Text.Encoding.UTF8.GetBytes(body), body.Length, type, ContentEncoding: null),
            Status = 200,
            ResponseHeaders = [],
            ResponseBody = new CapturedBody(ReadOnlyMemory<byte>.Empty, 0, ContentType: null, ContentEncoding: null),
        };
}
