using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>The part of the dashboard's API that is about a history and nothing else: docs/dashboard-api.md.</summary>
public static class HistoryApi
{
    /// <summary>The path that all of the API is below.</summary>
    public const string Root = "/api/v1";

    /// <summary>Where events are told as they happen, for as long as somebody listens.</summary>
    public const string StreamPath = "/stream";

    /// <param name="api">What is below <see cref="Root"/>.</param>
    /// <param name="viewOf">Which history a request is about.</param>
    public static void MapHistory(this IEndpointRouteBuilder api, Func<HttpContext, HistoryView> viewOf)
    {
        HistoryEndpoints.Map(api, context => viewOf(context).History);
        SessionEndpoints.Map(api, context => viewOf(context).Sessions);
        SchemasEndpoint.Map(api, context => viewOf(context).Schemas);
        RequestEndpoints.Map(api, context => viewOf(context).Requests);
        StreamEndpoint.Map(api, context => viewOf(context).Stream);
    }
}
