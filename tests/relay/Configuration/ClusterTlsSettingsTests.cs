using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Xunit;

namespace Tunnel.Relay.Tests.Configuration;

public sealed class ClusterTlsSettingsTests
{
    [Theory]
    [InlineData(null, null, null, "http://10.0.0.7:5101", 0)]
    [InlineData("c", "k", "a", "https://10.0.0.7:5101", 0)]
    [InlineData("c", "k", null, "http://10.0.0.7:5101", 1)]
    [InlineData(null, null, "a", "https://10.0.0.7:5101", 1)]
    [InlineData("c", "k", "a", "http://10.0.0.7:5101", 1)]
    [InlineData(null, null, null, "https://10.0.0.7:5101", 1)]
    [InlineData("c", "k", "a", null, 1)]
    public void AllOfIt_GoesTogetherAndWithHttps(string? certificate, string? key, string? authority, string? listen, int problems)
    {
        var address = listen is null ? null : new Uri(listen);
        var options = new RelayOptions { ClusterListen = address, NodeAddress = address };
        (options.ClusterTls.CertificateFile, options.ClusterTls.KeyFile, options.ClusterTls.AuthorityFile) = (certificate, key, authority);

        Assert.Equal(problems, ClusterTlsSettings.FindProblems(options).Count());
    }

    [Fact]
    public void NodeAddress_HasTheSameScheme()
    {
        var options = new RelayOptions
        {
            ClusterListen = new Uri("http://0.0.0.0:5101"),
            NodeAddress = new Uri("https://node-7.internal:5101"),
        };

        Assert.StartsWith("--node-address", Assert.Single(ClusterTlsSettings.FindProblems(options)), StringComparison.Ordinal);
    }
}
