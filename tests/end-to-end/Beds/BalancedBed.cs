using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Tunnel.EndToEnd.Tests.Tls;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>Two relays that share a Redis, behind the haproxy of deploy/, which has TLS and the one address that callers and connectors know.</summary>
internal sealed partial class BalancedBed : IAsyncDisposable
{
    private const string Domain = "tunnel.localhost";

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly int _port = FreePort.Next();
    private readonly List<RelayProcess> _relays = [];
    private RedisProcess? _redis;
    private ChildProcess? _haproxy;
    private ConnectProxy? _proxy;
    private ChildProcess? _connector;

    private BalancedBed() { }

    public IReadOnlyList<RelayProcess> Relays => _relays;

    public ChildProcess Connector => _connector!;

    /// <summary>The public MCP URL.</summary>
    public Uri Url { get; private set; } = null!;

    private string AuthorityPath => Path.Combine(_folder.Path, "authority.pem");

    public static async Task<BalancedBed> StartAsync(Uri origin, CancellationToken cancellationToken)
    {
        var bed = new BalancedBed();
        try
        {
            await bed.RunAsync(origin, cancellationToken);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>A caller that comes to haproxy, whatever the name.</summary>
    public HttpClient NewClient()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority.Certificate);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(System.Net.IPAddress.Loopback, _port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { Timeout = TestLimits.Default };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ChildProcess?[])[_connector, _haproxy])
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(Uri origin, CancellationToken cancellationToken)
    {
        var key = Path.Combine(_folder.Path, "key");
        await File.WriteAllTextAsync(key, Guid.NewGuid().ToString(), cancellationToken);
        _redis = await RedisProcess.StartAsync(cancellationToken);
        await _redis.SettleAsync(cancellationToken);
        for (var number = 1; number <= 2; number++)
        {
            _relays.Add(await StartRelayAsync(number, key, cancellationToken));
        }

        await _relays[^1].Process.Error.WaitForAsync(line => line.Contains("[1405]", StringComparison.Ordinal), cancellationToken);
        await StartHaproxyAsync(cancellationToken);
        _proxy = new ConnectProxy(_port);
        _connector = ChildProcess.Start(
            Programs.Connector,
            [
                "tunnel",
                "--mcp",
                origin.GetLeftPart(UriPartial.Authority),
                "--relay",
                $"https://{Domain}:{_port}",
                "--relay-ca",
                AuthorityPath,
            ],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["XDG_CONFIG_HOME"] = _folder.Path,
                ["HTTPS_PROXY"] = _proxy.Address.AbsoluteUri,
                ["NO_PROXY"] = "127.0.0.1",
            }
        );
        Url = new Uri(await _connector.Output.WaitForAsync(_ => true, cancellationToken));
        foreach (var relay in _relays)
        {
            await relay.Process.Error.WaitForAsync(
                line => line.Contains("data connection up", StringComparison.Ordinal),
                cancellationToken
            );
        }
    }

    private Task<RelayProcess> StartRelayAsync(int number, string key, CancellationToken cancellationToken) =>
        RelayProcess.StartBelowAsync(
            Domain,
            cancellationToken,
            [
                .. (string[])["--public-url", $"https://{Domain}:{_port}", "--trusted-proxies", "127.0.0.1", "--allow-anonymous", "true"],
                .. (string[])["--drain-delay", "5s"],
                .. (string[])["--redis", _redis!.Url, "--cluster-key-file", key],
                .. (string[])["--cluster-listen", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}")],
                .. (string[])["--node-url", $"https://relay-{number}.{Domain}:{_port}"],
            ]
        );

    /// <summary>The file that operators copy, with what it says to do for several relays, and the places of this machine.</summary>
    private async Task StartHaproxyAsync(CancellationToken cancellationToken)
    {
        var (certificate, key) = (Path.Combine(_folder.Path, "cert.pem"), Path.Combine(_folder.Path, "key.pem"));
        _authority.Issue(certificate, key, Domain, "*." + Domain);
        await File.WriteAllTextAsync(AuthorityPath, _authority.Certificate.ExportCertificatePem(), cancellationToken);
        var both = await File.ReadAllTextAsync(certificate, cancellationToken) + "\n" + await File.ReadAllTextAsync(key, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "haproxy.pem"), both, cancellationToken);
        var copied = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "haproxy", "haproxy.cfg"), cancellationToken);
        var configuration = LeftOut()
            .Replace(copied, string.Empty)
            .Replace("/etc/ssl/mcpr", _folder.Path, StringComparison.Ordinal)
            .Replace("127.0.0.1:5100", $"127.0.0.1:{_relays[0].Port}", StringComparison.Ordinal)
            .Replace("10.0.0.8:5100", $"127.0.0.1:{_relays[1].Port}", StringComparison.Ordinal)
            .Replace("tunnel.example.com", Domain, StringComparison.Ordinal)
            .Replace("bind :443", $"bind 127.0.0.1:{_port}", StringComparison.Ordinal)
            .Replace("bind :80", $"bind 127.0.0.1:{FreePort.Next()}", StringComparison.Ordinal);
        var path = Path.Combine(_folder.Path, "haproxy.cfg");
        await File.WriteAllTextAsync(path, configuration, cancellationToken);
        _haproxy = ChildProcess.Start("haproxy", ["-db", "-f", path]);
        await Ports.WaitUntilOpenAsync(_port, cancellationToken);
    }

    [GeneratedRegex(@"(?<=^ *)#(?=\S)", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeftOut();
}
