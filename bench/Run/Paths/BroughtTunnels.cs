using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Paths;

/// <summary>Tunnels whose programs somebody has: <c>--peer frps=PATH,frpc=PATH</c>, <c>--peer piko=PATH</c>, or a script of one's own.</summary>
internal static class BroughtTunnels
{
    public const string FrpName = "frp";
    public const string PikoName = "piko";

    private const string Domain = "tunnel.test";

    /// <param name="programs">Names and paths, as they were given.</param>
    public static IEnumerable<PathDefinition> From(IReadOnlyDictionary<string, string> programs)
    {
        var known = new HashSet<string>(StringComparer.Ordinal) { "frps", "frpc", PikoName };
        if (programs.TryGetValue("frps", out var frps) && programs.TryGetValue("frpc", out var frpc))
        {
            yield return new PathDefinition(FrpName, bed => StartFrp(bed, frps, frpc));
        }

        if (programs.TryGetValue(PikoName, out var piko))
        {
            yield return new PathDefinition(PikoName, bed => StartPiko(bed, piko));
        }

        foreach (var (name, script) in programs.Where(program => !known.Contains(program.Key)))
        {
            yield return new PathDefinition(name, bed => StartScript(bed, name, script));
        }
    }

    private static RunningPath StartFrp(Bed bed, string frps, string frpc)
    {
        var (port, controlPort) = (FreePort.Next(), FreePort.Next());
        var (serverFile, clientFile) = (bed.NewFile("frps.toml"), bed.NewFile("frpc.toml"));
        File.WriteAllText(
            serverFile,
            $"""
            bindAddr = "127.0.0.1"
            bindPort = {controlPort}
            vhostHTTPPort = {port}
            """
        );
        File.WriteAllText(
            clientFile,
            $"""
            serverAddr = "127.0.0.1"
            serverPort = {controlPort}
            loginFailExit = false
            [[proxies]]
            name = "bench"
            type = "http"
            localIP = "127.0.0.1"
            localPort = {bed.OriginPort}
            customDomains = ["bench.{Domain}"]
            """
        );
        var server = BenchProcess.Start("frps", bed.NewFile("frps.log"), [frps, "-c", serverFile]);
        var client = BenchProcess.Start("frpc", bed.NewFile("frpc.log"), [.. Waiting.ForPort(controlPort), frpc, "-c", clientFile]);
        return NewPath(FrpName, port, server, client);
    }

    private static RunningPath StartPiko(Bed bed, string piko)
    {
        var (port, upstreamPort) = (FreePort.Next(), FreePort.Next());
        var server = BenchProcess.Start(
            "server",
            bed.NewFile("piko-server.log"),
            [
                piko,
                "server",
                "--proxy.bind-addr",
                $"127.0.0.1:{port}",
                "--upstream.bind-addr",
                $"127.0.0.1:{upstreamPort}",
                "--admin.bind-addr",
                $"127.0.0.1:{FreePort.Next()}",
                "--cluster.gossip.bind-addr",
                $"127.0.0.1:{FreePort.Next()}",
            ]
        );
        string[] agent = [piko, "agent", "http", "bench", $"{bed.OriginPort}", "--connect.url", $"http://127.0.0.1:{upstreamPort}"];
        var client = BenchProcess.Start("agent", bed.NewFile("piko-agent.log"), [.. Waiting.ForPort(upstreamPort), .. agent]);
        return NewPath(PikoName, port, server, client);
    }

    /// <summary>A script that leads <c>PUBLIC_PORT</c> to <c>ORIGIN_PORT</c> for the host <c>HOST</c>, and runs until it is killed.</summary>
    private static RunningPath StartScript(Bed bed, string name, string script)
    {
        var port = FreePort.Next();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PUBLIC_PORT"] = $"{port}",
            ["ORIGIN_PORT"] = $"{bed.OriginPort}",
            ["HOST"] = $"bench.{Domain}",
        };
        return NewPath(name, port, BenchProcess.Start(name, bed.NewFile("script.log"), [script], environment));
    }

    private static RunningPath NewPath(string name, int port, params BenchProcess[] processes) =>
        new(name, new Uri($"http://127.0.0.1:{port}/mcp"), $"bench.{Domain}", processes);
}
