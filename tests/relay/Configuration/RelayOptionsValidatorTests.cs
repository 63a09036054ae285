using Tunnel.Relay.Configuration;
using Xunit;

namespace Tunnel.Relay.Tests.Configuration;

public sealed class RelayOptionsValidatorTests
{
    [Fact]
    public void Defaults_AreValid()
    {
        Assert.Empty(ProblemsOf(new RelayOptions()));
    }

    [Fact]
    public void EverythingWrong_IsToldAtOnceWithItsFlag()
    {
        var problems = ProblemsOf(
            new RelayOptions
            {
                Domain = "not a host",
                Listen = "127.0.0.1;https://127.0.0.1:1",
                PublicUrl = new Uri("ftp://x"),
                MaxTunnels = 0,
                MaxRequestsPerTunnel = -1,
                DataConnections = 9,
            }
        );

        Assert.Equal(
            ["--domain", "--listen", "--listen", "--public-url", "--max-tunnels", "--max-requests-per-tunnel", "--data-connections"],
            problems.Select(problem => problem.Split(' ')[0]),
            StringComparer.Ordinal
        );
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("tunnel.example.com", true)]
    [InlineData("", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("[::1]", false)]
    [InlineData("tunnel.example.com:5100", false)]
    [InlineData("https://tunnel.example.com", false)]
    [InlineData(".example.com", false)]
    public void Domain_IsAHostName(string domain, bool isValid)
    {
        Assert.Equal(isValid, ProblemsOf(new RelayOptions { Domain = domain }).Count == 0);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5100", true)]
    [InlineData("http://[::1]:5100/;http://localhost", true)]
    [InlineData("", false)]
    [InlineData(" ; ", false)]
    [InlineData("5100", false)]
    [InlineData("http://127.0.0.1:70000", false)]
    [InlineData("http://127.0.0.1:5100/path", false)]
    [InlineData("https://127.0.0.1:5100", false)]
    [InlineData("http://0.0.0.0:5100", true)]
    [InlineData("http://some.host:5100", false)]
    public void Listen_IsAListOfHttpOrigins(string listen, bool isValid)
    {
        Assert.Equal(isValid, ProblemsOf(new RelayOptions { Listen = listen }).Count == 0);
    }

    [Theory]
    [InlineData("https://tunnel.example.com", true)]
    [InlineData("http://tunnel.example.com:8080/", true)]
    [InlineData("https://tunnel.example.com/path", false)]
    [InlineData("https://tunnel.example.com/?q", false)]
    [InlineData("wss://tunnel.example.com", false)]
    [InlineData("tunnel.example.com", false)]
    [InlineData("/x", false)]
    [InlineData("https://elsewhere.example.com", false)]
    public void PublicUrl_IsAnHttpOrigin(string publicUrl, bool isValid)
    {
        var problems = ProblemsOf(
            new RelayOptions { Domain = "tunnel.example.com", PublicUrl = new Uri(publicUrl, UriKind.RelativeOrAbsolute) }
        );

        Assert.Equal(isValid, problems.Count == 0);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void DataConnections_AreOneToEight(int connections, bool isValid)
    {
        Assert.Equal(isValid, ProblemsOf(new RelayOptions { DataConnections = connections }).Count == 0);
    }

    private static List<string> ProblemsOf(RelayOptions options) =>
        [.. new RelayOptionsValidator().Validate(name: null, options).Failures ?? []];
}
