using System.Collections.Immutable;
using System.Text;
using Tunnel.ProxyCore.Admin;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.AccessLog;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Team;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Configuration;

/// <summary>
/// Everything about a relay that an operator can set. Flags, variables, files, <c>mcpr-relay config show</c> and the table in
/// docs/relay-config.md come from here: a new setting is an entry, a row in that table, and the place that reads the option.
/// </summary>
internal static class RelaySettings
{
    public static readonly RelaySetting Domain = RelaySetting.Of(
        "--domain",
        CommonKinds.Text,
        "the relay's own host; tunnels are one label below it; if not set that of --public-url, else localhost",
        byDefault: null,
        (options, value) => options.Domain = value
    );

    public static readonly RelaySetting Listen = RelaySetting.Of(
        "--listen",
        RelayKinds.ListenAddresses,
        "addresses to listen on: IP address or localhost, port 0 for a free one; if not set http://127.0.0.1:5100, with --tls https://127.0.0.1:5100",
        byDefault: null,
        (options, value) => options.Listen = value
    );

    public static readonly RelaySetting Data = RelaySetting.Of(
        "--data",
        CommonKinds.FilePath,
        "folder for names and tokens; ~/.local/state/mcpr-relay if not set",
        byDefault: null,
        (options, value) => options.DataDirectory = value
    );

    public static readonly RelaySetting Redis = RelaySetting.Of(
        "--redis",
        RelayKinds.Redis,
        "a Redis for names and tokens that several relays share, such as redis://10.0.0.5:6379/0 or rediss:// for TLS, in place of --data",
        byDefault: null,
        (options, value) => options.RedisUrl = value
    );

    public static readonly RelaySetting RedisPassword = RelaySetting.Of(
        "--redis-password-file",
        RelayKinds.SecretFile,
        "a file with the password of that Redis",
        byDefault: null,
        (options, value) => options.RedisPassword = value
    );

    public static readonly RelaySetting Admin = RelaySetting.Of(
        "--admin",
        CommonKinds.EndPoint,
        "metrics, health and commands for operators on a port of their own, such as 9464 on loopback; nowhere if not set",
        byDefault: null,
        (options, value) => options.Admin = new AdminListener(value)
    );

    public static readonly RelaySetting AdminToken = RelaySetting.Of(
        "--admin-token-file",
        RelayKinds.SecretFile,
        "a file with what commands on the port of --admin have to show; if not set, that port takes commands on loopback only",
        byDefault: null,
        (options, value) => options.AdminToken = Encoding.UTF8.GetBytes(value)
    );

    public static readonly ImmutableArray<RelaySetting> All =
    [
        Domain,
        Listen,
        RelaySetting.Of(
            "--public-url",
            RelayKinds.Url,
            "the origin that visitors use for the domain, where TLS or another port stands in front; from --listen if not set",
            byDefault: null,
            (options, value) => options.PublicUrl = value
        ),
        .. TlsSettings.All,
        RelaySetting.Of(
            "--trusted-proxies",
            CommonKinds.Networks,
            "proxies in front whose X-Forwarded-For and X-Forwarded-Proto count; none if not set",
            byDefault: null,
            (options, value) => options.TrustedProxies = value
        ),
        Admin,
        AdminToken,
        RelaySetting.Of(
            "--access-log",
            CommonKinds.Choice<AccessLogFormat>(),
            "a line for every request of visitors, on standard output",
            "off",
            (options, value) => options.AccessLog = value
        ),
        RelaySetting.Of(
            "--access-log-file",
            CommonKinds.FilePath,
            "a file for these lines; SIGHUP makes the relay open it anew",
            byDefault: null,
            (options, value) => options.AccessLogFile = value
        ),
        Data,
        Redis,
        RedisPassword,
        RelaySetting.Of(
            "--allow-anonymous",
            CommonKinds.Switch,
            "tunnels without a token; if not set, only while nothing but this machine can reach the relay",
            byDefault: null,
            (options, value) => options.AllowAnonymous = value
        ),
        RelaySetting.Of(
            "--anonymous-max-tunnels",
            CommonKinds.Number,
            "tunnels that one anonymous connector may have open",
            "20",
            (options, value) => options.AnonymousMaxTunnels = value
        ),
        RelaySetting.Of(
            "--anonymous-max-names",
            CommonKinds.Number,
            "names that one anonymous connector may have",
            "50",
            (options, value) => options.AnonymousMaxNames = value
        ),
        RelaySetting.Of(
            "--anonymous-keep-names",
            RelayKinds.Duration,
            "how long a name that an anonymous connector does not use stays its own",
            "30d",
            (options, value) => options.AnonymousKeepNames = value
        ),
        RelaySetting.Of(
            "--owner-max-tunnels",
            CommonKinds.Number,
            "tunnels that one token may have open, unless it says otherwise",
            "100",
            (options, value) => options.OwnerMaxTunnels = value
        ),
        RelaySetting.Of(
            "--owner-max-names",
            CommonKinds.Number,
            "names that the owner of a token may have",
            "100",
            (options, value) => options.OwnerMaxNames = value
        ),
        RelaySetting.Of(
            "--verifier-url",
            RelayKinds.VerifierUrl,
            "a service that knows further credentials, see docs/tokens.md",
            byDefault: null,
            (options, value) => options.Verifier.Url = value
        ),
        RelaySetting.Of(
            "--verifier-secret-file",
            RelayKinds.SecretFile,
            "a file with the key of the signature on questions to it",
            byDefault: null,
            (options, value) => options.Verifier.Secret = Encoding.UTF8.GetBytes(value)
        ),
        RelaySetting.Of(
            "--verifier-timeout",
            RelayKinds.Duration,
            "how long its answer may take",
            "5s",
            (options, value) => options.Verifier.Timeout = value
        ),
        RelaySetting.Of(
            "--verifier-cache",
            RelayKinds.Duration,
            "how long its answer counts",
            "30s",
            (options, value) => options.Verifier.CacheFor = value
        ),
        RelaySetting.Of(
            "--max-tunnels",
            CommonKinds.Number,
            "open tunnels, at most",
            "10000",
            (options, value) => options.MaxTunnels = value
        ),
        RelaySetting.Of(
            "--max-requests-per-tunnel",
            CommonKinds.Number,
            "requests under way in a tunnel, at most",
            "4096",
            (options, value) => options.MaxRequestsPerTunnel = value
        ),
        .. LimitSettings.All,
        .. DomainSettings.All,
        .. TeamSettings.All,
        RelaySetting.Of(
            "--data-connections",
            CommonKinds.Number,
            "data connections per connector, 1 to 8",
            "2",
            (options, value) => options.DataConnections = value
        ),
        RelaySetting.Of(
            "--drain",
            RelayKinds.Duration,
            "how long running exchanges may go on when a tunnel is replaced or closed, or the relay stops; at most 10m",
            "30s",
            (options, value) => options.DrainLimit = value
        ),
        RelaySetting.Of(
            "--drain-delay",
            RelayKinds.Duration,
            "how long a relay that stops goes on as before while /readyz says so to load balancers",
            "0",
            (options, value) => options.DrainDelay = value
        ),
        RelaySetting.Of(
            "--node-url",
            RelayKinds.NodeUrl,
            "where connectors reach this very relay, if a load balancer is in front of several; what they dialled if not set",
            byDefault: null,
            (options, value) => options.NodeUrl = value
        ),
        RelaySetting.Of(
            "--cluster-listen",
            RelayKinds.NodeListen,
            "where other relays with the same Redis reach this one, such as http://10.0.0.7:5101, on a private network",
            byDefault: null,
            (options, value) => options.ClusterListen = value
        ),
        RelaySetting.Of(
            "--node-address",
            RelayKinds.NodeAddress,
            "what other relays are told to dial; that of --cluster-listen if not set",
            byDefault: null,
            (options, value) => options.NodeAddress = value
        ),
        RelaySetting.Of(
            "--cluster-key-file",
            RelayKinds.SecretFile,
            "a file with what all relays of the cluster know and nobody else does, at least 16 characters",
            byDefault: null,
            (options, value) => options.ClusterSecret = Encoding.UTF8.GetBytes(value)
        ),
        .. ClusterTlsSettings.All,
        RelaySetting.Of(
            "--hold",
            RelayKinds.Duration,
            "how long requests wait for a connector that is away for a moment, at most 60s; 0 for not at all",
            "10s",
            (options, value) => options.Hold = value
        ),
        RelaySetting.Of(
            "--max-held-per-tunnel",
            CommonKinds.Number,
            "requests that wait for one name, at most",
            "256",
            (options, value) => options.MaxHeldPerTunnel = value
        ),
        RelaySetting.Of(
            "--max-held-bytes-per-tunnel",
            RelayKinds.Size,
            "memory for requests that wait for one name, at most",
            "16MiB",
            (options, value) => options.MaxHeldBytesPerTunnel = value
        ),
        RelaySetting.Of(
            "--max-held",
            CommonKinds.Number,
            "requests that wait, at most",
            "8192",
            (options, value) => options.MaxHeld = value
        ),
        RelaySetting.Of(
            "--max-held-bytes",
            RelayKinds.Size,
            "memory for all requests that wait, at most",
            "256MiB",
            (options, value) => options.MaxHeldBytes = value
        ),
    ];
}
