using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>What servers have said of their tools, version by version.</summary>
internal sealed class SchemasEndpoint(HistoryEndpoints history, IHistoryStore store)
{
    public static void Map(IEndpointRouteBuilder api, Func<HttpContext, SchemasEndpoint> of) =>
        api.MapGet("/schemas", ApiAnswer.Of(context => of(context).AnswerAsync(context)));

    private async Task AnswerAsync(HttpContext context)
    {
        var versions = await store.ToolVersionsAsync(history.QueryOf(context).Filter, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            new SchemasAnswer(
                [],
                [
                    .. versions
                        .GroupBy(version => version.Tool)
                        .Select(tool => new ToolSchemaRow(tool.Key.Server, tool.Key.Tool, tool.First().IsListed, VersionsOf([.. tool]))),
                ]
            ),
            DashboardJson.Default.SchemasAnswer
        );
    }

    private static IReadOnlyList<SchemaVersionRow> VersionsOf(ToolVersion[] newestFirst)
    {
        var definitions = Array.ConvertAll(newestFirst, version => JsonElement.Parse(version.Definition));
        return
        [
            .. newestFirst.Select(
                (version, index) =>
                    new SchemaVersionRow(
                        version.Version,
                        version.Hash,
                        version.FirstAt,
                        version.LastAt,
                        definitions[index],
                        index + 1 < definitions.Length ? SchemaDifference.Between(definitions[index + 1], definitions[index]) : []
                    )
            ),
        ];
    }
}
