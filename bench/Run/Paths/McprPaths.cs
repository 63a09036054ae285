using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Paths;

/// <summary>What a build of this repository has to offer, with the settings that everybody gets.</summary>
internal sealed class McprPaths(McprBuild build)
{
    public const string TunnelName = "mcpr tunnel";
    public const string ProxyName = "mcpr proxy";
    public const string EventsName = "mcpr proxy --events";
    public const string OnlyEventsName = "mcpr proxy --events --history=false";
    public const string ForgetfulName = "mcpr proxy --history=false";
    public const string ServeName = "mcpr serve";
    public const string SharedName = "mcpr serve --session shared";

    /// <summary>Those of this checkout.</summary>
    public static McprPaths Ours { get; } = new(McprBuild.Ours);

    public McprBuild Build => build;

    /// <summary>Relay and connector, with the whole proxy core between them and the origin.</summary>
    public PathDefinition Tunnel => new(build.Named(TunnelName), StartTunnel);

    /// <summary>The same with TLS at the relay, for visitors and connectors.</summary>
    public PathDefinition TunnelOverTls => new(build.Named(TunnelName), StartTunnelOverTls);

    public PathDefinition Proxy => NewProxy(ProxyName);

    /// <summary>Events are written as lines and kept in the history.</summary>
    public PathDefinition ProxyWithEvents => NewProxy(EventsName, "--events");

    /// <summary>Events are written as lines and not kept.</summary>
    public PathDefinition ProxyWithOnlyEvents => NewProxy(OnlyEventsName, "--events", "--history=false");

    /// <summary>With nothing that makes events.</summary>
    public PathDefinition ForgetfulProxy => NewProxy(ForgetfulName, "--history=false");

    /// <summary>With a port that tells of its own workings.</summary>
    public PathDefinition ProxyWithAdmin(int port) => NewProxy(ProxyName, "--admin", $"{port}");

    /// <summary>The bridge to a program that speaks over standard input and output.</summary>
    public PathDefinition Serve(IReadOnlyList<string> program) => NewBridge(ServeName, program);

    public PathDefinition ServeShared(IReadOnlyList<string> program) => NewBridge(SharedName, program, "--session", "shared");

    /// <summary>The environment of a person whose identity and history nobody else has.</summary>
    public static Dictionary<string, string> NewPerson(Bed bed) =>
        new(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = bed.NewFolder("config"), ["XDG_STATE_HOME"] = bed.NewFolder("state") };

    public BenchProcess StartRelay(Bed bed, int port) => StartRelay(bed, $"http://127.0.0.1:{port}");

    public BenchProcess StartConnector(Bed bed, int relayPort, string name) => StartConnector(bed, $"http://localhost:{relayPort}", name);

    private RunningPath StartTunnel(Bed bed)
    {
        const string name = "bench-run";
        var port = FreePort.Next();
        var relay = StartRelay(bed, port);
        var connector = StartConnector(bed, port, name);
        return new RunningPath(
            build.Named(TunnelName),
            new Uri($"http://127.0.0.1:{port}/mcp"),
            $"{name}.localhost:{port}",
            [relay, connector]
        );
    }

    private RunningPath StartTunnelOverTls(Bed bed)
    {
        const string name = "bench-run";
        var port = FreePort.Next();
        var tls = new TlsFiles(bed);
        string[] files = ["--tls", "files", "--tls-cert", tls.CertificatePath, "--tls-key", tls.KeyPath];
        var relay = StartRelay(bed, $"https://127.0.0.1:{port}", files);
        var connector = StartConnector(bed, $"https://localhost:{port}", name, "--relay-ca", tls.CertificatePath);
        return new RunningPath(
            build.Named(TunnelName),
            new Uri($"https://127.0.0.1:{port}/mcp"),
            $"{name}.localhost:{port}",
            [relay, connector]
        )
        {
            Trusted = tls.Certificate,
        };
    }

    private BenchProcess StartRelay(Bed bed, string listen, params string[] options)
    {
        string[] command = [build.Relay, "--listen", listen, "--domain", "localhost", "--data", bed.NewFolder("relay"), .. options];
        return BenchProcess.Start("relay", bed.NewFile("relay.log"), command);
    }

    private BenchProcess StartConnector(Bed bed, string relay, string name, params string[] options)
    {
        string[] command = [build.Connector, "tunnel", "--mcp", $"{bed.Origin}/mcp", "--relay", relay, "--name", name, .. options];
        return BenchProcess.Start("connector", BenchProcess.Nowhere, command, NewPerson(bed));
    }

    private PathDefinition NewProxy(string name, params string[] options) =>
        new(build.Named(name), bed => StartProxy(bed, build.Named(name), options));

    private RunningPath StartProxy(Bed bed, string name, string[] options)
    {
        var port = FreePort.Next();
        string[] command = [build.Connector, "proxy", "--mcp", $"{bed.Origin}/mcp", "--port", $"{port}", .. options];
        return NewLocal(name, port, BenchProcess.Start("proxy", BenchProcess.Nowhere, command, NewPerson(bed)));
    }

    private PathDefinition NewBridge(string name, IReadOnlyList<string> program, params string[] options) =>
        new(build.Named(name), bed => StartBridge(bed, build.Named(name), program, options)) { Probe = Bridges.NewInitialize };

    private RunningPath StartBridge(Bed bed, string name, IReadOnlyList<string> program, string[] options)
    {
        var port = FreePort.Next();
        string[] command = [build.Connector, "serve", "--port", $"{port}", .. options, "--", .. program];
        return NewLocal(name, port, BenchProcess.Start("bridge", BenchProcess.Nowhere, command, NewPerson(bed), childrenRole: "programs"));
    }

    private static RunningPath NewLocal(string name, int port, BenchProcess process) =>
        new(name, new Uri($"http://127.0.0.1:{port}/mcp"), $"127.0.0.1:{port}", [process]);
}
