using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Stages;

/// <summary>What is compared with what.</summary>
internal static class StandardStages
{
    public const string TunnelCalls = "tunnel-calls";
    public const string TunnelBodies = "tunnel-bodies";
    public const string TunnelTls = "tunnel-tls";
    public const string ProxyCalls = "proxy-calls";
    public const string ProxyBodies = "proxy-bodies";
    public const string BridgeFast = "bridge-fast";
    public const string BridgeEverything = "bridge-everything";
    public const string ScaleHeld = "scale-held";

    /// <summary>Numbers of streams that are held beside short calls, for the curve.</summary>
    public static readonly int[] HeldCounts = [0, 10, 100, 300, 1000];

    /// <summary>Connections of callers over HTTP/2.</summary>
    public const int TlsCallers = 32;

    /// <summary>Calls at once on each of them: as many as HTTP/1.1 has, and as busy programs make.</summary>
    public static readonly int[] TlsStreams = [1, 8];

    /// <summary>Calls a second in open loops: what the slowest of the tunnels can just do on two cores.</summary>
    private const int OpenRate = 1000;

    /// <summary>Until the compiler of .NET is done with the hot path: under load requests/s still rise for ten seconds and more.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(15);

    /// <summary>The stages to run, with the paths that are wanted.</summary>
    public static IEnumerable<Stage> Chosen(RunOptions options, Installed installed) =>
        All(options, installed)
            .Where(stage => options.Only.IsMatch(stage.Name) && !(options.IsQuick && (stage.Name is ProxyBodies or BridgeEverything)))
            .Select(stage => stage with { Paths = [.. stage.Paths.Where(path => IsChosen(path, options))] });

    private static bool IsChosen(PathDefinition path, RunOptions options) =>
        options.Paths.IsMatch(path.Name) && !(options.IsQuick && path.IsPeer);

    /// <summary>That of this checkout, and those that somebody has.</summary>
    public static IEnumerable<McprPaths> McprOf(RunOptions options) =>
        options.Builds.Select(build => new McprPaths(McprBuild.Of(build.Key, build.Value))).Prepend(McprPaths.Ours);

    private static IEnumerable<Stage> All(RunOptions options, Installed installed)
    {
        McprPaths[] mcpr = [.. McprOf(options)];
        PathDefinition[] tunnels =
        [
            PlainHops.TwoYarps,
            .. mcpr.Select(build => build.Tunnel),
            PlainHops.TwoNginxes(installed),
            OtherTunnels.Pipenet(installed),
            OtherTunnels.Ssh(installed),
            .. BroughtTunnels.From(options.Peers),
        ];
        PathDefinition[] proxies =
        [
            PlainHops.Yarp,
            .. mcpr.SelectMany(build =>
                (PathDefinition[])[build.Proxy, build.ProxyWithEvents, build.ProxyWithOnlyEvents, build.ForgetfulProxy]
            ),
            PlainHops.Nginx(installed),
        ];
        string[] everything = [Programs.NodePackage("mcp-server-everything"), "stdio"];

        yield return Calls(TunnelCalls, tunnels, options, installed);
        yield return Bodies(TunnelBodies, tunnels, options);
        yield return Tls(
            [PlainHops.TlsYarp, PlainHops.TlsNginx(installed), .. mcpr.Select(build => build.TunnelOverTls)],
            options,
            installed
        );
        yield return Calls(ProxyCalls, proxies, options, installed);
        yield return Bodies(ProxyBodies, proxies, options);
        yield return Bridge(BridgeFast, [Programs.Echo], lacks: null, options, installed);
        yield return Bridge(BridgeEverything, everything, installed.NodePackagesLack, options, installed);
    }

    /// <summary>Short calls beside ever more held streams.</summary>
    public static Stage HeldCurve(RunOptions options) =>
        new(
            ScaleHeld,
            OriginKind.Everything,
            [PlainHops.TwoYarps, McprPaths.Ours.Tunnel],
            [.. HeldCounts.Select(streams => OwnLoad.Held(streams, OpenRate, options.Duration))],
            OwnLoad.Held(0, OpenRate, WarmUpOf(options))
        );

    private static Stage Calls(string name, IReadOnlyList<PathDefinition> paths, RunOptions options, Installed installed) =>
        new(
            name,
            OriginKind.FixedAnswer,
            paths,
            [
                .. CallersOf(options)
                    .Select(callers => WrkLoad.Calls(installed, callers, options.Duration) with { ShowsMemory = callers == 256 }),
                OwnLoad.Open(OpenRate, options.Duration),
            ],
            WrkLoad.Calls(installed, 32, WarmUpOf(options))
        );

    private static Stage Tls(IReadOnlyList<PathDefinition> paths, RunOptions options, Installed installed) =>
        new(
            TunnelTls,
            OriginKind.FixedAnswer,
            paths,
            [.. TlsStreams.Select(streams => H2Load.Calls(installed, TlsCallers, streams, options.Duration))],
            H2Load.Calls(installed, TlsCallers, 1, WarmUpOf(options))
        );

    /// <summary>How long a path is under load before it is measured.</summary>
    public static TimeSpan WarmUpOf(RunOptions options) => options.IsQuick ? options.Duration : s_warmUp;

    private static int[] CallersOf(RunOptions options) => options.IsQuick ? [32] : [1, 32, 256];

    private static Stage Bodies(string name, IReadOnlyList<PathDefinition> paths, RunOptions options) =>
        new(
            name,
            OriginKind.Everything,
            paths,
            [
                OwnLoad.SmallResults(options.Duration),
                OwnLoad.BigResults(options.Duration),
                OwnLoad.Download(options.Duration),
                OwnLoad.Upload(options.Duration),
                OwnLoad.Events(options.Duration),
                OwnLoad.WebSocket(options.Duration),
                OwnLoad.Held(0, OpenRate, options.Duration),
                OwnLoad.Held(1000, OpenRate, options.Duration),
            ],
            OwnLoad.SmallResults(WarmUpOf(options))
        );

    private static Stage Bridge(string name, IReadOnlyList<string> program, string? lacks, RunOptions options, Installed installed)
    {
        PathDefinition[] bridges =
        [
            .. McprOf(options).SelectMany(build => (PathDefinition[])[build.Serve(program), build.ServeShared(program)]),
            Bridges.McpProxy(installed, program),
            Bridges.Supergateway(installed, program),
        ];
        return new Stage(
            name,
            Origin: null,
            [.. bridges.Select(bridge => bridge with { Lacks = bridge.Lacks ?? lacks })],
            [
                OwnLoad.McpCalls(callers: 1, sessions: 1, options.Duration),
                OwnLoad.McpCalls(callers: 32, sessions: 1, options.Duration) with
                {
                    ShowsMemory = true,
                },
            ],
            OwnLoad.McpCalls(callers: 32, sessions: 1, WarmUpOf(options))
        );
    }
}
