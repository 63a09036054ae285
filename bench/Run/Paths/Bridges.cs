using System.Net.Http.Headers;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Paths;

/// <summary>Other bridges from Streamable HTTP to programs, with sessions, as ours has them.</summary>
internal static class Bridges
{
    public const string McpProxyName = "mcp-proxy";
    public const string SupergatewayName = "supergateway";

    private static readonly string[] s_stateful = ["--outputTransport", "streamableHttp", "--stateful", "--logLevel", "none"];

    public static PathDefinition McpProxy(Installed installed, IReadOnlyList<string> program) =>
        new(
            McpProxyName,
            bed => Start(bed, McpProxyName, port => ["--host", "127.0.0.1", "--port", $"{port}", "--server", "stream", "--", .. program]),
            installed.NodePackagesLack
        )
        {
            Probe = NewInitialize,
            IsPeer = true,
        };

    public static PathDefinition Supergateway(Installed installed, IReadOnlyList<string> program) =>
        new(
            SupergatewayName,
            bed => Start(bed, SupergatewayName, port => [.. s_stateful, "--port", $"{port}", "--stdio", string.Join(' ', program)]),
            installed.NodePackagesLack
        )
        {
            Probe = NewInitialize,
            IsPeer = true,
        };

    /// <summary>The first message of a client; a bridge is up when there is an answer from a program.</summary>
    public static HttpRequestMessage NewInitialize(RunningPath path)
    {
        const string message = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench-run","version":"1"}}}
            """;
        var request = new HttpRequestMessage(HttpMethod.Post, path.Url) { Content = new StringContent(message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return request;
    }

    private static RunningPath Start(Bed bed, string name, Func<int, IEnumerable<string>> arguments)
    {
        var port = FreePort.Next();
        var bridge = BenchProcess.Start(
            "bridge",
            bed.NewFile($"{name}.log"),
            [Programs.NodePackage(name), .. arguments(port)],
            childrenRole: "programs"
        );
        return new RunningPath(name, new Uri($"http://127.0.0.1:{port}/mcp"), $"127.0.0.1:{port}", [bridge]);
    }
}
