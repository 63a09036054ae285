namespace Tunnel.Bench.Run.Peers;

/// <summary>What there is to measure with and against. What could not be got has a sentence that says so.</summary>
internal sealed record Installed
{
    public string? Wrk { get; init; }

    /// <summary>The caller over HTTP/2, which comes with nghttp2.</summary>
    public string? H2Load { get; init; }

    public string? Nginx { get; init; }

    public string? SshDaemon { get; init; }

    public string? NginxLacks => Nginx is null ? "nginx is not installed" : null;

    public string? SshLacks => SshDaemon is null ? "sshd is not installed" : null;

    /// <summary>Why the packages of <c>bench/package.json</c> cannot be used, or null.</summary>
    public string? NodePackagesLack { get; init; }
}
