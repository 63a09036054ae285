using System.Net;
using Microsoft.Extensions.Options;
using Tunnel.Relay.AccessLog;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Names;
using Tunnel.Relay.Team;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Configuration;

/// <summary>Lists every problem at once, each with the flag to change.</summary>
internal sealed class RelayOptionsValidator : IValidateOptions<RelayOptions>
{
    /// <summary>Callers and proxies in front give up after a minute, mostly.</summary>
    private static readonly TimeSpan s_longestHold = TimeSpan.FromMinutes(1);

    /// <summary>Whoever starts the relay again loses patience at some point.</summary>
    private static readonly TimeSpan s_longestDrain = TimeSpan.FromMinutes(10);

    /// <summary>Twice the time after which the use of a name is written down again.</summary>
    private static readonly TimeSpan s_shortestKeep = 2 * INameStore.UseIsExactTo;

    /// <summary>A connector gives its handshake ten seconds.</summary>
    private static readonly TimeSpan s_longestVerification = TimeSpan.FromSeconds(10);

    /// <summary>Shorter ones could be guessed.</summary>
    private const int MinSecretBytes = 16;

    public ValidateOptionsResult Validate(string? name, RelayOptions options)
    {
        List<string> problems = [];
        if (Uri.CheckHostName(options.Domain) != UriHostNameType.Dns || options.Domain.Length > 190)
        {
            problems.Add($"--domain '{options.Domain}' is not a host name");
        }

        var addresses = options.Listen.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0)
        {
            problems.Add("--listen names no address");
        }

        foreach (var address in addresses)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
            {
                problems.Add($"--listen '{address}' is not like http://127.0.0.1:5100");
            }
            else if (!IPAddress.TryParse(uri.DnsSafeHost, out _) && !uri.IsLoopback)
            {
                problems.Add($"--listen '{address}' names a host; give the IP address to listen on, 0.0.0.0 for all");
            }
        }

        problems.AddRange(TlsOptionsCheck.Find(options));
        problems.AddRange(DomainOptionsCheck.Find(options));
        problems.AddRange(TeamSettings.FindProblems(options));
        if (options.PublicUrl is { } publicUrl)
        {
            if (publicUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https", PathAndQuery: "/" })
            {
                problems.Add($"--public-url '{publicUrl}' is not like https://tunnel.example.com");
            }
            else if (!publicUrl.Host.Equals(options.Domain, StringComparison.OrdinalIgnoreCase))
            {
                problems.Add($"--public-url '{publicUrl}' and --domain '{options.Domain}' name different hosts");
            }
        }

        RequirePositive(problems, "--max-tunnels", options.MaxTunnels);
        RequirePositive(problems, "--max-requests-per-tunnel", options.MaxRequestsPerTunnel);
        RequirePositive(problems, "--max-held-per-tunnel", options.MaxHeldPerTunnel);
        RequirePositive(problems, "--max-held-bytes-per-tunnel", options.MaxHeldBytesPerTunnel);
        RequirePositive(problems, "--max-held", options.MaxHeld);
        RequirePositive(problems, "--max-held-bytes", options.MaxHeldBytes);
        RequirePositive(problems, "--owner-max-tunnels", options.OwnerMaxTunnels);
        RequirePositive(problems, "--owner-max-names", options.OwnerMaxNames);
        RequirePositive(problems, "--anonymous-max-tunnels", options.AnonymousMaxTunnels);
        RequirePositive(problems, "--anonymous-max-names", options.AnonymousMaxNames);
        if (options.AnonymousKeepNames < s_shortestKeep)
        {
            problems.Add($"--anonymous-keep-names is shorter than {s_shortestKeep.TotalMinutes} minutes");
        }

        if (options.RedisPassword is not null && options.RedisUrl is null)
        {
            problems.Add("--redis-password-file is nothing without --redis");
        }

        if (options.AdminToken is { Length: > 0 and < MinSecretBytes })
        {
            problems.Add($"--admin-token-file has to hold at least {MinSecretBytes} characters, such as from: openssl rand -hex 32");
        }

        if (options is { AccessLogFile: not null, AccessLog: AccessLogFormat.Off })
        {
            problems.Add("--access-log-file is nothing without --access-log text or json");
        }

        CheckVerifier(problems, options.Verifier);
        CheckCluster(problems, options);
        problems.AddRange(ClusterTlsSettings.FindProblems(options));
        if (options.DrainLimit > s_longestDrain || options.DrainDelay > s_longestDrain)
        {
            problems.Add($"--drain and --drain-delay are at most {s_longestDrain.TotalMinutes} minutes");
        }

        if (options.Hold > s_longestHold)
        {
            problems.Add($"--hold {options.Hold.TotalSeconds}s is longer than {s_longestHold.TotalSeconds}s");
        }

        if (options.DataConnections is < 1 or > 8)
        {
            problems.Add($"--data-connections {options.DataConnections} is not between 1 and 8");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckCluster(List<string> problems, RelayOptions options)
    {
        if (options.ClusterListen is null)
        {
            if (options.ClusterSecret.Length > 0 || options.NodeAddress is not null)
            {
                problems.Add("--node-address and --cluster-key-file are nothing without --cluster-listen");
            }

            return;
        }

        if (options.RedisUrl is null)
        {
            problems.Add("--cluster-listen is nothing without --redis, which says who has which tunnel");
        }

        if (options.ClusterSecret.Length < MinSecretBytes)
        {
            problems.Add($"--cluster-key-file has to hold at least {MinSecretBytes} characters, such as from: openssl rand -hex 32");
        }

        if (options.NodeAddress is { } node && (node.Port == 0 || node.Host is "0.0.0.0" or "[::]"))
        {
            problems.Add($"--node-address '{node}' is nothing that others can dial; give the address of this machine");
        }
    }

    private static void CheckVerifier(List<string> problems, VerifierOptions verifier)
    {
        if (verifier.Url is not { } url)
        {
            if (verifier.Secret.Length > 0)
            {
                problems.Add("--verifier-secret-file is nothing without --verifier-url");
            }

            return;
        }

        // Credentials go there.
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        {
            problems.Add($"--verifier-url '{url}' has to be https, or http on this machine");
        }

        if (verifier.Secret.Length < MinSecretBytes)
        {
            problems.Add($"--verifier-secret-file has to hold at least {MinSecretBytes} characters, such as from: openssl rand -hex 32");
        }

        if (verifier.Timeout <= TimeSpan.Zero || verifier.Timeout > s_longestVerification)
        {
            problems.Add($"--verifier-timeout is not between 0 and {s_longestVerification.TotalSeconds} seconds");
        }
    }

    private static void RequirePositive(List<string> problems, string flag, long value)
    {
        if (value <= 0)
        {
            problems.Add($"{flag} {value} is not positive");
        }
    }
}
