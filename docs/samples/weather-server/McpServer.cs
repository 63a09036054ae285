using System.Text.Json.Nodes;
using WeatherServer.Tools;

namespace WeatherServer;

/// <summary>The methods of the Model Context Protocol that a server with tools needs. It keeps no sessions.</summary>
internal sealed class McpServer(IEnumerable<ITool> tools)
{
    private const string Instructions = "Made-up weather for any city of the world.";

    public static JsonObject Info => new() { ["name"] = "weather-server", ["version"] = "1.0.0" };

    private static JsonObject Capabilities => new() { ["tools"] = new JsonObject() };

    public async Task<Outcome> HandleAsync(
        JsonRpcMessage request,
        Revision revision,
        Progress progress,
        CancellationToken cancellationToken
    ) =>
        request.Method switch
        {
            "initialize" when !revision.IsModern => Initialize(request),
            "ping" when !revision.IsModern => new Success([]),
            "server/discover" when revision.IsModern => Discover(),
            "tools/list" => ListTools(revision),
            "tools/call" => await CallToolAsync(request, progress, cancellationToken),
            _ => new Failure(JsonRpc.MethodNotFound, "Method not found"),
        };

    /// <summary>Agrees to the revision asked for, or proposes our newest.</summary>
    private static Outcome Initialize(JsonRpcMessage request)
    {
        if (request.Params.Text("protocolVersion") is not { } asked)
        {
            return Failure.InvalidParams("protocolVersion is required");
        }

        return new Success(
            new JsonObject
            {
                ["protocolVersion"] = Revision.WithHandshake.Contains(asked, StringComparer.Ordinal) ? asked : Revision.WithHandshake[0],
                ["capabilities"] = Capabilities,
                ["serverInfo"] = Info,
                ["instructions"] = Instructions,
            }
        );
    }

    private static Success Discover() =>
        new(
            Cacheable(
                new JsonObject
                {
                    ["supportedVersions"] = Revision.WithoutHandshake.ToJson(),
                    ["capabilities"] = Capabilities,
                    ["instructions"] = Instructions,
                }
            )
        );

    private Success ListTools(Revision revision)
    {
        var list = new JsonObject { ["tools"] = new JsonArray([.. tools.Select(tool => tool.Definition)]) };
        return new Success(revision.IsModern ? Cacheable(list) : list);
    }

    private async Task<Outcome> CallToolAsync(JsonRpcMessage request, Progress progress, CancellationToken cancellationToken)
    {
        var name = request.Params.Text("name");
        return tools.FirstOrDefault(tool => tool.Name == name) is { } tool
            ? await tool.CallAsync(request.Params.Member("arguments") ?? default, progress, cancellationToken)
            : Failure.InvalidParams($"unknown tool: {name}");
    }

    private static JsonObject Cacheable(JsonObject result)
    {
        result["ttlMs"] = 60_000;
        result["cacheScope"] = "public";
        return result;
    }
}
