using System.Collections.Immutable;
using System.Net;
using System.Text;
using Tunnel.ProxyCore.Admin;
using Tunnel.Relay.Limits;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Configuration;

/// <summary>Everything about a relay that an operator can set.</summary>
internal static class RelaySettings
{
    public static readonly RelaySetting Data = RelaySetting.Text(
        "--data",
        "folder",
        "Folder for names and tokens [~/.local/state/mcpr-relay]",
        (options, value) => options.DataDirectory = value
    );

    public static readonly RelaySetting Redis = new(
        "--redis",
        "url",
        "A Redis for names and tokens that several relays share, such as redis://10.0.0.5:6379/0, instead of --data",
        ApplyRedisUrl
    );

    public static readonly RelaySetting RedisPassword = new(
        "--redis-password-file",
        "file",
        "The password of that Redis",
        ApplyRedisPassword
    );

    public static readonly ImmutableArray<RelaySetting> All =
    [
        RelaySetting.Text(
            "--domain",
            "host",
            "The relay's own host; tunnels are one label below it [localhost]",
            (options, value) => options.Domain = value
        ),
        RelaySetting.Text(
            "--listen",
            "addresses",
            "Addresses to listen on, separated by ; [http://127.0.0.1:5100, with --tls https://127.0.0.1:5100]",
            (options, value) => options.Listen = value
        ),
        new("--public-url", "url", "The origin visitors use, where TLS or another port stands in front", ApplyPublicUrl),
        .. TlsSettings.All,
        new("--trusted-proxies", "networks", "Proxies in front whose X-Forwarded-For and -Proto count [none]", ApplyTrustedProxies),
        new(
            "--admin",
            "address:port",
            "Metrics and health for operators on a port of their own; a port alone is on loopback [none]",
            ApplyAdmin
        ),
        Data,
        Redis,
        RedisPassword,
        RelaySetting.Switch(
            "--allow-anonymous",
            "Tunnels without a token [true only on loopback]",
            (options, value) => options.AllowAnonymous = value
        ),
        RelaySetting.Number(
            "--anonymous-max-tunnels",
            "Tunnels that one anonymous connector may have open [20]",
            (options, value) => options.AnonymousMaxTunnels = value
        ),
        RelaySetting.Number(
            "--anonymous-max-names",
            "Names that one anonymous connector may have [50]",
            (options, value) => options.AnonymousMaxNames = value
        ),
        RelaySetting.Duration(
            "--anonymous-keep-names",
            "How long a name that an anonymous connector does not use stays its own [30d]",
            (options, value) => options.AnonymousKeepNames = value
        ),
        RelaySetting.Number(
            "--owner-max-tunnels",
            "Tunnels that one token may have open, unless it says otherwise [100]",
            (options, value) => options.OwnerMaxTunnels = value
        ),
        RelaySetting.Number(
            "--owner-max-names",
            "Names that the owner of a token may have [100]",
            (options, value) => options.OwnerMaxNames = value
        ),
        new("--verifier-url", "url", "A service that knows further credentials, see docs/tokens.md", ApplyVerifierUrl),
        new("--verifier-secret-file", "file", "The key of the signature on questions to it", ApplyVerifierSecret),
        RelaySetting.Duration(
            "--verifier-timeout",
            "How long its answer may take [5s]",
            (options, value) => options.Verifier.Timeout = value
        ),
        RelaySetting.Duration(
            "--verifier-cache",
            "How long its answer counts [30s]",
            (options, value) => options.Verifier.CacheFor = value
        ),
        RelaySetting.Number("--max-tunnels", "Open tunnels, at most [10000]", (options, value) => options.MaxTunnels = value),
        RelaySetting.Number(
            "--max-requests-per-tunnel",
            "Requests under way in a tunnel, at most [4096]",
            (options, value) => options.MaxRequestsPerTunnel = value
        ),
        .. LimitSettings.All,
        RelaySetting.Number(
            "--data-connections",
            "Data connections per connector, 1 to 8 [2]",
            (options, value) => options.DataConnections = value
        ),
        RelaySetting.Duration(
            "--drain",
            "How long running exchanges may go on when a tunnel is replaced or the relay stops [30s]",
            (options, value) => options.DrainLimit = value
        ),
        RelaySetting.Duration(
            "--drain-delay",
            "How long a relay that stops goes on as before while /readyz says so to load balancers [0]",
            (options, value) => options.DrainDelay = value
        ),
        new("--node-url", "url", "Where connectors reach this very relay, if a load balancer is in front of several", ApplyNodeUrl),
        new(
            "--cluster-listen",
            "address",
            "Where other relays with the same Redis reach this one, on a private network",
            ApplyClusterListen
        ),
        new("--node-address", "url", "What other relays are told to dial [--cluster-listen]", ApplyNodeAddress),
        new("--cluster-key-file", "file", "What all relays of the cluster know and nobody else does", ApplyClusterKey),
        RelaySetting.Duration(
            "--hold",
            "How long requests wait for a connector that is away for a moment [10s]",
            (options, value) => options.Hold = value
        ),
        RelaySetting.Number(
            "--max-held-per-tunnel",
            "Requests that wait for one name, at most [256]",
            (options, value) => options.MaxHeldPerTunnel = value
        ),
        RelaySetting.Size(
            "--max-held-bytes-per-tunnel",
            "Memory for requests that wait for one name, at most [16MiB]",
            (options, value) => options.MaxHeldBytesPerTunnel = value
        ),
        RelaySetting.Number("--max-held", "Requests that wait, at most [8192]", (options, value) => options.MaxHeld = value),
        RelaySetting.Size(
            "--max-held-bytes",
            "Memory for all requests that wait, at most [256MiB]",
            (options, value) => options.MaxHeldBytes = value
        ),
    ];

    /// <summary>Flags over environment over defaults.</summary>
    /// <param name="flagOf">What the command line says of a setting, if it does.</param>
    /// <param name="variableOf">What the environment says.</param>
    /// <param name="problems">Everything that is wrong.</param>
    public static RelayOptions Resolve(
        Func<RelaySetting, string?> flagOf,
        Func<string, string?> variableOf,
        out IReadOnlyList<string> problems
    )
    {
        List<string> found = [];
        var options = new RelayOptions();
        foreach (var setting in All)
        {
            if ((flagOf(setting) ?? variableOf(setting.Variable)) is { } text && setting.Apply(options, text) is { } problem)
            {
                found.Add(problem);
            }
        }

        if (options.Tls.IsOn && !IsGiven("--listen"))
        {
            options.Listen = options.Listen.Replace("http:", "https:", StringComparison.Ordinal);
        }

        if (options.PublicUrl is { } own && !IsGiven("--domain"))
        {
            options.Domain = own.Host;
        }

        options.NodeAddress ??= options.ClusterListen;
        if (new RelayOptionsValidator().Validate(name: null, options) is { Failed: true } invalid)
        {
            found.AddRange(invalid.Failures);
        }

        problems = found;
        return options;

        bool IsGiven(string flag) =>
            All.Single(setting => setting.Flag == flag) is var setting && (flagOf(setting) ?? variableOf(setting.Variable)) is not null;
    }

    private static string? ApplyTrustedProxies(RelayOptions options, string text)
    {
        List<IPNetwork> networks = [];
        foreach (var part in text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                return $"--trusted-proxies '{part}' is not like 10.0.0.0/8 or 192.0.2.7";
            }
        }

        options.TrustedProxies = networks;
        return null;
    }

    private static string? ApplyAdmin(RelayOptions options, string text)
    {
        options.Admin = ListenAddress.ParseEndPoint(text, out var endpoint, out var problem) ? new AdminListener(endpoint) : null;
        return problem is null ? null : $"--admin: {problem}";
    }

    private static string? ApplyVerifierUrl(RelayOptions options, string text)
    {
        options.Verifier.Url = Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
        return url is null ? $"--verifier-url '{text}' is not like https://accounts.example.com/verify" : null;
    }

    private static string? ApplyVerifierSecret(RelayOptions options, string file) =>
        ApplySecret("--verifier-secret-file", file, secret => options.Verifier.Secret = Encoding.UTF8.GetBytes(secret));

    private static string? ApplyRedisPassword(RelayOptions options, string file) =>
        ApplySecret("--redis-password-file", file, password => options.RedisPassword = password);

    private static string? ApplySecret(string flag, string file, Action<string> set)
    {
        try
        {
            set(File.ReadAllText(file).Trim());
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"{flag}: {unreadable.Message}";
        }
    }

    private static string? ApplyRedisUrl(RelayOptions options, string text)
    {
        options.RedisUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
        // A password in it would be in the list of processes; the text is not repeated for that reason.
        return
            url is { Scheme: "redis" or "rediss", UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 }
            && RedisConnection.TryDatabaseOf(url) is not null
            ? null
            : "--redis is not like redis://10.0.0.5:6379/0; a password goes into --redis-password-file";
    }

    private static string? ApplyClusterKey(RelayOptions options, string file) =>
        ApplySecret("--cluster-key-file", file, key => options.ClusterSecret = Encoding.UTF8.GetBytes(key));

    private static string? ApplyClusterListen(RelayOptions options, string text)
    {
        options.ClusterListen = Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
        return url is { Scheme: "http", PathAndQuery: "/" } && IPAddress.TryParse(url.DnsSafeHost, out _)
            ? null
            : $"--cluster-listen '{text}' is not like http://10.0.0.7:5101";
    }

    private static string? ApplyNodeAddress(RelayOptions options, string text)
    {
        options.NodeAddress = Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
        return url is { Scheme: "http", PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? null
            : $"--node-address '{text}' is not like http://10.0.0.7:5101";
    }

    private static string? ApplyNodeUrl(RelayOptions options, string text)
    {
        options.NodeUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
        return url is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? null
            : $"--node-url '{text}' is not like https://node-1.tunnel.example.com";
    }

    private static string? ApplyPublicUrl(RelayOptions options, string text)
    {
        options.PublicUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;
        return url is null ? $"--public-url '{text}' is not like https://tunnel.example.com" : null;
    }
}
