using System.Globalization;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Paths;

/// <summary>Reverse proxies with nothing added to them: one is what a proxy costs, two behind each other what a tunnel costs at least.</summary>
internal static class PlainHops
{
    public const string YarpName = "YARP";
    public const string TwoYarpsName = "YARP → YARP";
    public const string NginxName = "nginx";
    public const string TwoNginxesName = "nginx → nginx";
    public const string TlsNginxName = "TLS nginx → nginx";
    public const string TlsYarpName = "TLS YARP → YARP";

    public static PathDefinition Yarp { get; } = new(YarpName, bed => Chain(YarpName, bed, 1, StartYarp));

    public static PathDefinition TwoYarps { get; } = new(TwoYarpsName, bed => Chain(TwoYarpsName, bed, 2, StartYarp));

    public static PathDefinition Nginx(Installed installed) =>
        new(NginxName, bed => Chain(NginxName, bed, 1, StartNginx), installed.NginxLacks);

    public static PathDefinition TwoNginxes(Installed installed) =>
        new(TwoNginxesName, bed => Chain(TwoNginxesName, bed, 2, StartNginx), installed.NginxLacks);

    /// <summary>The first takes HTTP/2 over TLS, as a relay does.</summary>
    public static PathDefinition TlsNginx(Installed installed) => new(TlsNginxName, StartTlsNginx, installed.NginxLacks);

    /// <inheritdoc cref="TlsNginx"/>
    public static PathDefinition TlsYarp { get; } = new(TlsYarpName, StartTlsYarp);

    /// <summary>The last hop is started first; each next one leads to it.</summary>
    private static RunningPath Chain(string name, Bed bed, int length, Func<Bed, string, int, int, BenchProcess> start)
    {
        var processes = new List<BenchProcess>();
        var next = bed.OriginPort;
        for (var hop = length; hop > 0; hop--)
        {
            var port = FreePort.Next();
            processes.Insert(0, start(bed, string.Create(CultureInfo.InvariantCulture, $"hop {hop}"), port, next));
            next = port;
        }

        return new RunningPath(name, new Uri($"http://127.0.0.1:{next}/mcp"), $"127.0.0.1:{next}", processes);
    }

    private static RunningPath StartTlsNginx(Bed bed)
    {
        var (port, next) = (FreePort.Next(), FreePort.Next());
        var tls = new TlsFiles(bed);
        var last = StartNginx(bed, "hop 2", next, bed.OriginPort);
        var first = NginxProcess.Start(bed, "hop 1", NginxProcess.TlsProxyServer(port, next, tls));
        return NewTls(TlsNginxName, port, tls, [first, last]);
    }

    private static RunningPath StartTlsYarp(Bed bed)
    {
        var (port, next) = (FreePort.Next(), FreePort.Next());
        var tls = new TlsFiles(bed);
        var last = StartYarp(bed, "hop 2", next, bed.OriginPort);
        var first = StartYarp(bed, "hop 1", port, next, tls.CertificatePath, tls.KeyPath);
        return NewTls(TlsYarpName, port, tls, [first, last]);
    }

    private static RunningPath NewTls(string name, int port, TlsFiles tls, IReadOnlyList<BenchProcess> processes) =>
        new(name, new Uri($"https://127.0.0.1:{port}/mcp"), $"127.0.0.1:{port}", processes) { Trusted = tls.Certificate };

    private static BenchProcess StartYarp(Bed bed, string role, int port, int next) => StartYarp(bed, role, port, next, tls: []);

    private static BenchProcess StartYarp(Bed bed, string role, int port, int next, params string[] tls) =>
        BenchProcess.Start(role, bed.NewFile("yarp.log"), [Programs.Yarp, $"{port}", $"http://127.0.0.1:{next}", .. tls]);

    private static BenchProcess StartNginx(Bed bed, string role, int port, int next) =>
        NginxProcess.Start(bed, role, NginxProcess.ProxyServer(port, next));
}
