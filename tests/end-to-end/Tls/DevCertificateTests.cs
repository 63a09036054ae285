using System.Net;
using System.Security.Cryptography.X509Certificates;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary><c>--tls dev</c>: the relay is its own certification authority.</summary>
public sealed class DevCertificateTests : IDisposable
{
    private const string Domain = "tunnel.test";

    private readonly TemporaryFolder _data = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string AuthorityPath => Path.Combine(_data.Path, "dev-ca", Domain, "ca.pem");

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallThroughTheTunnel_IsAnsweredToWhomTrustsTheAuthority()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync();
        var told = await relay.Process.Error.WaitForAsync(line => line.Contains("trust it", StringComparison.Ordinal), Cancellation);
        using var client = relay.NewClient(X509CertificateLoader.LoadCertificateFromFile(AuthorityPath));

        var url = await relay.ConnectAsync(origin.BaseAddress, AuthorityPath, Cancellation);
        using var response = await client.SendAsync(TlsRelay.Call(url, HttpVersion.Version20), Cancellation);

        Assert.Equal(Calls.EchoResult("1", "x"), await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains(AuthorityPath, told, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Authority_IsTheSameAfterARestartAndItsKeyPrivate()
    {
        await using (await StartAsync()) { }
        var first = await File.ReadAllTextAsync(AuthorityPath, Cancellation);
        await using var relay = await StartAsync();

        Assert.Equal(first, await File.ReadAllTextAsync(AuthorityPath, Cancellation));
        if (!OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(Path.Combine(_data.Path, "dev-ca", Domain, "ca-key.pem"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        }
    }

    public void Dispose() => _data.Dispose();

    private Task<TlsRelay> StartAsync() => TlsRelay.StartAsync(Domain, ["--tls", "dev"], Cancellation, _data.Path);
}
