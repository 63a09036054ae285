using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Dashboard;

/// <summary>How the dashboard answers what is asked of its API.</summary>
internal static class DashboardAnswer
{
    /// <param name="context">The request.</param>
    /// <param name="status">Of HTTP.</param>
    /// <param name="message">What is wrong, for people.</param>
    public static Task FailAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WriteAsync(
            context,
            new JsonObject
            {
                ["error"] = new JsonObject { ["status"] = status, ["message"] = message },
            }
        );
    }

    public static Task WriteAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
