using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>An ACME authority with the DNS that it asks, and a provider through which lego changes that DNS.</summary>
internal sealed class Pebble : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly int _directoryPort = Ports.Free();
    private readonly int _managementPort = Ports.Free();
    private ChildProcess? _acme;

    private Pebble(DnsZone zone)
    {
        Zone = zone;
        Provider = new DnsProvider(zone);
    }

    public DnsZone Zone { get; }

    public DnsProvider Provider { get; }

    /// <summary>The authority that relays' certificates come from in the end; a new one for every Pebble.</summary>
    public X509Certificate2 Root { get; private set; } = null!;

    public string RootPath => Path.Combine(_folder.Path, "root.pem");

    /// <summary>Where it looks for answers to HTTP challenges.</summary>
    public int HttpPort { get; } = Ports.Free();

    /// <summary>Where the key is that new accounts have to be bound to.</summary>
    public string AccountKeyPath => Path.Combine(_folder.Path, "account-key");

    /// <summary>What a relay has to be told to order here.</summary>
    public string[] Arguments =>
        [
            "--tls",
            "acme",
            "--acme-email",
            "operator@example.com",
            "--acme-dns",
            "httpreq",
            "--acme-server",
            $"https://localhost:{_directoryPort}/dir",
            "--acme-resolvers",
            Zone.Address,
            "--acme-propagation",
            "false",
        ];

    /// <summary>What lego needs to know.</summary>
    public Dictionary<string, string?> Environment =>
        new(StringComparer.Ordinal)
        {
            ["LEGO_CA_CERTIFICATES"] = Path.Combine(_folder.Path, "ca.pem"),
            ["HTTPREQ_ENDPOINT"] = Provider.Address.AbsoluteUri.TrimEnd('/'),
            ["HTTPREQ_POLLING_INTERVAL"] = "1",
        };

    /// <param name="validity">How long its certificates are good, in seconds.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="refusedNonces">How many of a hundred requests it refuses for their nonce.</param>
    /// <param name="accountKey">Id and key (base64url) that a new account has to be bound to.</param>
    public static async Task<Pebble> StartAsync(
        int validity,
        CancellationToken cancellationToken,
        int refusedNonces = 0,
        (string Id, string Key)? accountKey = null
    )
    {
        var pebble = new Pebble(await DnsZone.StartAsync(cancellationToken));
        try
        {
            await pebble.RunAsync(validity, refusedNonces, accountKey, cancellationToken);
            return pebble;
        }
        catch
        {
            await pebble.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        if (_acme is not null)
        {
            await _acme.DisposeAsync();
        }

        await Zone.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(int validity, int refusedNonces, (string Id, string Key)? accountKey, CancellationToken cancellationToken)
    {
        var certificate = Path.Combine(_folder.Path, "cert.pem");
        var key = Path.Combine(_folder.Path, "key.pem");
        _authority.Issue(certificate, key, "localhost");
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "ca.pem"),
            _authority.Certificate.ExportCertificatePem(),
            cancellationToken
        );
        var settings = new
        {
            listenAddress = $"127.0.0.1:{_directoryPort}",
            managementListenAddress = $"127.0.0.1:{_managementPort}",
            certificate,
            privateKey = key,
            httpPort = HttpPort,
            tlsPort = 1,
            externalAccountBindingRequired = accountKey is not null,
            externalAccountMACKeys = accountKey is { } bound
                ? new Dictionary<string, string>(StringComparer.Ordinal) { [bound.Id] = bound.Key }
                : null,
            certificateValidityPeriod = validity,
        };
        var configuration = Path.Combine(_folder.Path, "pebble.json");
        await File.WriteAllTextAsync(configuration, JsonSerializer.Serialize(new { pebble = settings }), cancellationToken);
        if (accountKey is { } given)
        {
            await File.WriteAllTextAsync(AccountKeyPath, given.Key + "\n", cancellationToken);
        }

        _acme = ChildProcess.Start(
            "pebble",
            ["-config", configuration, "-dnsserver", Zone.Address],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PEBBLE_VA_NOSLEEP"] = "1",
                // Every order has to show again that the domain is ours.
                ["PEBBLE_AUTHZREUSE"] = "0",
                ["PEBBLE_WFE_NONCEREJECT"] = $"{refusedNonces}",
            }
        );
        foreach (var port in (int[])[_directoryPort, _managementPort])
        {
            await Ports.WaitUntilOpenAsync(port, cancellationToken);
        }

        await ReadRootAsync(cancellationToken);
    }

    private async Task ReadRootAsync(CancellationToken cancellationToken)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority.Certificate);
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            }
        );
        var pem = await http.GetStringAsync(new Uri($"https://localhost:{_managementPort}/roots/0"), cancellationToken);
        await File.WriteAllTextAsync(RootPath, pem, cancellationToken);
        Root = X509Certificate2.CreateFromPem(pem);
    }
}
