using System.Net;
using Tunnel.ProxyCore.Admin;
using Tunnel.Relay.AccessLog;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Team;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Configuration;

/// <summary>How a relay is set up. Flags of <c>mcpr-relay</c> and <c>MCPR_RELAY_*</c> variables fill it.</summary>
internal sealed class RelayOptions
{
    /// <summary>The relay's own host; tunnels are one label below it. Default <c>localhost</c>.</summary>
    public string Domain { get; set; } = "localhost";

    /// <summary>Addresses to listen on, separated by semicolons. Default loopback only. Where TLS is on, http addresses only send to https.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:5100";

    /// <summary>The origin that visitors use for the domain itself, where TLS or another port stands in front; otherwise worked out from Listen.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Where the certificate comes from, if the relay speaks TLS itself.</summary>
    public TlsOptions Tls { get; } = new();

    /// <summary>Proxies in front whose word counts on where a request comes from. Default nobody's.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; set; } = [];

    /// <summary>Where names and tokens are kept. Created with mode 0700.</summary>
    public string DataDirectory { get; set; } = DefaultDataDirectory();

    /// <summary>A Redis that several relays share for names and tokens, such as <c>redis://10.0.0.5:6379/0</c>; unset for <see cref="DataDirectory"/>.</summary>
    public Uri? RedisUrl { get; set; }

    /// <summary>What Redis wants to hear before it answers, if anything.</summary>
    public string? RedisPassword { get; set; }

    /// <summary>Whether connectors without a token get a tunnel. Unset: only while nobody but this machine can reach the relay.</summary>
    public bool? AllowAnonymous { get; set; }

    /// <summary>Open tunnels, at most. Default 10,000.</summary>
    public int MaxTunnels { get; set; } = 10_000;

    /// <summary>Tunnels that one owner with a token may have open on this relay; a token can say less or more. Default 100.</summary>
    public int OwnerMaxTunnels { get; set; } = 100;

    /// <summary>Names that one owner with a token may have. Default 100.</summary>
    public int OwnerMaxNames { get; set; } = 100;

    /// <summary>Tunnels that one anonymous connector may have open on this relay. Default 20.</summary>
    public int AnonymousMaxTunnels { get; set; } = 20;

    /// <summary>Names that one anonymous connector may have. Default 50.</summary>
    public int AnonymousMaxNames { get; set; } = 50;

    /// <summary>How long an unused name stays with the anonymous connector that had it. Default 30 days.</summary>
    public TimeSpan AnonymousKeepNames { get; set; } = TimeSpan.FromDays(30);

    /// <summary>A service that knows further credentials, if there is one.</summary>
    public VerifierOptions Verifier { get; } = new();

    /// <summary>Domains of their own that owners use.</summary>
    public DomainOptions Domains { get; } = new();

    /// <summary>What connectors send for teams to look at.</summary>
    public TeamOptions Team { get; } = new();

    /// <summary>What one visitor, name or connector may take.</summary>
    public LimitOptions Limits { get; } = new();

    /// <summary>Requests under way in one tunnel, at most; more get E2101. Default 4,096.</summary>
    public int MaxRequestsPerTunnel { get; set; } = 4096;

    /// <summary>Data connections that a connector keeps. Default 2, each usable alone.</summary>
    public int DataConnections { get; set; } = 2;

    /// <summary>How long a connector may take until response headers; longer than any limit it can have for the MCP server. Default 65 min.</summary>
    public TimeSpan ConnectorTimeout { get; set; } = TimeSpan.FromMinutes(65);

    /// <summary>How long the data connections of a tunnel serve on after its control connection is lost. Default 30 s.</summary>
    public TimeSpan ControlLossGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests wait for a connector that is away for a moment; zero for not at all. Default 10 s.</summary>
    public TimeSpan Hold { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests that wait for one name, at most; more get E2102. Default 256.</summary>
    public int MaxHeldPerTunnel { get; set; } = 256;

    /// <summary>What requests that wait for one name may keep in memory, in bytes. Default 16 MiB.</summary>
    public long MaxHeldBytesPerTunnel { get; set; } = 16 << 20;

    /// <summary>Requests that wait for any name, at most. Default 8,192.</summary>
    public int MaxHeld { get; set; } = 8192;

    /// <summary>What all waiting requests together may keep in memory, in bytes. Default 256 MiB.</summary>
    public long MaxHeldBytes { get; set; } = 256 << 20;

    /// <summary>How long running exchanges may go on when their tunnel is replaced or closed, or the relay is told to stop. Default 30 s.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the relay takes new requests after it said that it is not ready, so that load balancers notice. Default zero.</summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>Where connectors reach this very relay, if something in front spreads them over several; else they dial what they dialled first.</summary>
    public Uri? NodeUrl { get; set; }

    /// <summary>Where other relays of the cluster reach this one, and nobody else should; unset for a relay that passes nothing on.</summary>
    public Uri? ClusterListen { get; set; }

    /// <summary>What other relays are told to dial, such as <c>http://10.0.0.7:5101</c>; by default <see cref="ClusterListen"/>.</summary>
    public Uri? NodeAddress { get; set; }

    /// <summary>How relays know each other, besides the key; off for connections without TLS.</summary>
    public ClusterTlsOptions ClusterTls { get; } = new();

    /// <summary>The content of the cluster's key file, the same on all relays.</summary>
    public byte[] ClusterSecret { get; set; } = [];

    /// <summary>The port for operators, if there is one.</summary>
    public AdminListener? Admin { get; set; }

    /// <summary>What commands on that port have to show; empty where only this machine may give any.</summary>
    public byte[] AdminToken { get; set; } = [];

    /// <summary>How requests of visitors are written down. Default not at all.</summary>
    public AccessLogFormat AccessLog { get; set; }

    /// <summary>Where to; standard output without one.</summary>
    public string? AccessLogFile { get; set; }

    /// <summary>What operators call this relay: where the others reach it, or the machine.</summary>
    public string NodeName => NodeAddress?.Authority ?? Environment.MachineName;

    public IReadOnlyList<Uri> ListenAddresses() =>
        [
            .. Listen
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri : null)
                .OfType<Uri>(),
        ];

    // A public URL on another host means that something in front brings visitors to a loopback listener.
    public bool AnonymousAllowed =>
        AllowAnonymous ?? (PublicUrl is null or { IsLoopback: true } && ListenAddresses().All(address => address.IsLoopback));

    /// <summary>The origin of a tunnel, such as <c>https://brave-otter.tunnel.example.com</c>.</summary>
    public string OriginOf(string name) => OriginOfHost($"{name}.{Domain}");

    /// <summary>The origin of a host here, as visitors have to write it.</summary>
    public string OriginOfHost(string host)
    {
        var own = Visited();
        var port = own.IsDefaultPort ? string.Empty : $":{own.Port}";
        return $"{own.Scheme}://{host}{port}";
    }

    public string PublicScheme => Visited().Scheme;

    /// <summary>What visitors use: what the operator says, else an address that speaks TLS, else the first.</summary>
    private Uri Visited() =>
        PublicUrl ?? ListenAddresses().FirstOrDefault(address => address.Scheme == Uri.UriSchemeHttps) ?? ListenAddresses()[0];

    private static string DefaultDataDirectory()
    {
        var state = Environment.GetEnvironmentVariable("STATE_DIRECTORY") ?? Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return state is { Length: > 0 }
            ? Path.Combine(state, "mcpr-relay")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "mcpr-relay");
    }
}
