using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Cluster;

public sealed class NodeConnectionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _ours;
    private readonly string _theirs;

    public NodeConnectionsTests()
    {
        _ours = NewAuthority("ours");
        _theirs = NewAuthority("theirs");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatBelievesUs_IsReached()
    {
        await using var node = await StartAsync(certificate: _theirs, authority: _theirs);
        var address = AddressOf(node);
        using var connections = Connect(certificate: _theirs, authority: _theirs);

        using var response = await AskAsync(connections, address);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.False(connections.IsFailing(address));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatDoesNotBelieveUs_CountsAsOneThatCannotBeReached()
    {
        await using var node = await StartAsync(certificate: _theirs, authority: _theirs);
        var address = AddressOf(node);
        using var connections = Connect(certificate: _ours, authority: _theirs);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(connections, address));

        Assert.IsType<NextHopGoneException>(failed.InnerException);
        Assert.True(connections.IsFailing(address));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatWeDoNotBelieve_CountsAsOneThatCannotBeReached()
    {
        await using var node = await StartAsync(certificate: _theirs, authority: _theirs);
        var address = AddressOf(node);
        using var connections = Connect(certificate: _theirs, authority: _ours);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(connections, address));

        Assert.IsType<NextHopGoneException>(failed.InnerException);
        Assert.True(connections.IsFailing(address));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<HttpResponseMessage> AskAsync(NodeConnections connections, string address)
    {
        var destination = connections.To(address);
        using var request = new HttpRequestMessage(HttpMethod.Get, destination.Origin + "/")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await destination.Invoker.SendAsync(request, Token);
    }

    private static string AddressOf(WebApplication node) => node.Urls.Single();

    private NodeConnections Connect(string certificate, string authority)
    {
        var options = OptionsOf(certificate, authority);
        return new NodeConnections(
            options,
            TimeProvider.System,
            new ClusterTls(options, TimeProvider.System, NullLogger<ClusterTls>.Instance)
        );
    }

    private async Task<WebApplication> StartAsync(string certificate, string authority)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, NodeListener.Configure));
        builder.Services.AddSingleton(
            new ClusterTls(OptionsOf(certificate, authority), TimeProvider.System, NullLogger<ClusterTls>.Instance)
        );
        var node = builder.Build();
        node.Run(context =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.NoContent;
            return Task.CompletedTask;
        });
        await node.StartAsync(Token);
        return node;
    }

    private RelayOptions OptionsOf(string certificate, string authority)
    {
        var options = new RelayOptions { ClusterSecret = "0123456789abcdef"u8.ToArray() };
        options.ClusterTls.CertificateFile = _folder.PathOf($"{certificate}.pem");
        options.ClusterTls.KeyFile = _folder.PathOf($"{certificate}-key.pem");
        options.ClusterTls.AuthorityFile = _folder.PathOf($"{authority}-ca.pem");
        return options;
    }

    /// <summary>An authority, and a certificate for a relay from it, as files.</summary>
    private string NewAuthority(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(_folder.PathOf($"{name}-ca.pem"), authority.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var node = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        node.CertificateExtensions.Add(names.Build());
        using var certificate = node.Create(authority, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(_folder.PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.PathOf($"{name}-key.pem"), key.ExportPkcs8PrivateKeyPem());
        return name;
    }
}
