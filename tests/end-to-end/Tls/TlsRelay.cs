using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>A relay that speaks TLS on one port and sends there from another, and callers and connectors that trust one authority alone.</summary>
internal sealed class TlsRelay : IAsyncDisposable
{
    private readonly TemporaryFolder? _ownedFolder;
    private readonly TemporaryFolder _user = new();
    private readonly List<ChildProcess> _connectors = [];
    private ConnectProxy? _proxy;

    private TlsRelay(
        string domain,
        string? data,
        int plainPort,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment
    )
    {
        _ownedFolder = data is null ? new TemporaryFolder() : null;
        Domain = domain;
        DataFolder = data ?? _ownedFolder!.Path;
        Process = ChildProcess.Start(
            Programs.Relay,
            ["--domain", domain, "--listen", $"https://127.0.0.1:0;http://127.0.0.1:{plainPort}", "--data", DataFolder, .. arguments],
            environment
        );
    }

    public string Domain { get; }

    public string DataFolder { get; }

    public ChildProcess Process { get; }

    public int Port { get; private set; }

    public int PlainPort { get; private set; }

    public static async Task<TlsRelay> StartAsync(
        string domain,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        string? data = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        int plainPort = 0
    )
    {
        var relay = new TlsRelay(domain, data, plainPort, arguments, environment);
        // mcpr-relay: listening on https://127.0.0.1:41231, http://127.0.0.1:41232, tunnels at …
        var line = await relay.Process.Error.WaitForAsync(
            line => line.Contains("listening on", StringComparison.Ordinal),
            cancellationToken
        );
        var addresses = line.Split("listening on ")[1].Split(", ");
        relay.Port = new Uri(addresses[0]).Port;
        relay.PlainPort = new Uri(addresses[1]).Port;
        return relay;
    }

    /// <summary>What connectors and commands show; without one they are anonymous.</summary>
    public string? Token { get; set; }

    /// <summary>Runs a command of <c>mcpr</c> that asks this relay.</summary>
    public Task<Outcome> AskAsync(string authorityPath, params string[] arguments) =>
        Outcome.OfAsync(
            ChildProcess.Start(
                Programs.Connector,
                [.. arguments, "--relay", $"https://{Domain}:{Port}", "--relay-ca", authorityPath],
                EnvironmentOf(Port)
            )
        );

    /// <summary>Opens a tunnel to a server, by way of the relay's own name.</summary>
    /// <returns>The public MCP URL.</returns>
    public async Task<Uri> ConnectAsync(Uri server, string authorityPath, CancellationToken cancellationToken, params string[] arguments)
    {
        var connector = Launch(server, $"https://{Domain}:{Port}", ["--relay-ca", authorityPath, .. arguments]);
        _connectors.Add(connector);
        return new Uri(await connector.Output.WaitForAsync(_ => true, cancellationToken));
    }

    /// <summary>Starts a connector without waiting for a tunnel.</summary>
    public ChildProcess Launch(Uri server, string relay, params string[] arguments) =>
        ChildProcess.Start(
            Programs.Connector,
            ["tunnel", "--mcp", server.GetLeftPart(UriPartial.Authority), "--relay", relay, .. arguments],
            EnvironmentOf(relay.StartsWith("https", StringComparison.Ordinal) ? Port : PlainPort)
        );

    /// <summary>A caller for any name of the relay that trusts this authority alone.</summary>
    /// <param name="authority">The authority.</param>
    /// <param name="seen">Gets the thumbprint of the relay's certificate at every handshake.</param>
    public HttpClient NewClient(X509Certificate2 authority, Action<string>? seen = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = TrustIn(authority),
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                {
                    seen?.Invoke(certificate!.GetCertHashString());
                    return errors == SslPolicyErrors.None;
                },
            },
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { Timeout = TestLimits.Default };
    }

    /// <summary>Trust in one authority alone.</summary>
    public static X509ChainPolicy TrustIn(X509Certificate2 authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }

    public Uri UrlOf(string name, string path = "/") => new($"https://{name}.{Domain}:{Port}{path}");

    public static HttpRequestMessage Call(Uri url, Version version, string id = "1", string text = "x") =>
        new(HttpMethod.Post, url)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(Calls.Echo(id, text), Encoding.UTF8, "application/json"),
        };

    private Dictionary<string, string?> EnvironmentOf(int port)
    {
        _proxy ??= new ConnectProxy(port);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["XDG_CONFIG_HOME"] = _user.Path,
            ["XDG_STATE_HOME"] = _user.Path,
            ["ALL_PROXY"] = _proxy.Address.AbsoluteUri,
            ["NO_PROXY"] = "127.0.0.1",
        };
        if (Token is not null)
        {
            environment["MCPR_TOKEN"] = Token;
        }

        return environment;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connector in _connectors)
        {
            await connector.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await Process.DisposeAsync();
        _user.Dispose();
        _ownedFolder?.Dispose();
    }
}
