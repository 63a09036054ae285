using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Dashboard.Access;
using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Widgets.Reports;

namespace Tunnel.ProxyCore.Dashboard.Studio;

/// <summary>What Studio asks: messages for a server, what hosts make of a widget's metadata, and what their policies have stopped.</summary>
internal sealed class StudioEndpoint(
    StudioCalls calls,
    McpServers servers,
    ViolationReports reports,
    IOptionsMonitor<McpProxyOptions> options
)
{
    /// <summary>The metadata of a widget, in bytes.</summary>
    private const int MaxQuestion = 256 * 1024;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapMethods("/studio/mcp", [HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete], ApiAnswer.Of(CallAsync));
        api.MapPost(
            "/studio/policies",
            ApiAnswer.Of(context => AnswerAsync(context, body => WidgetPolicies.Answer(JsonElement.Parse(body))))
        );
        api.MapPost("/studio/violations", ApiAnswer.Of(context => AnswerAsync(context, Report)));
    }

    private Task CallAsync(HttpContext context)
    {
        // A link could lead here, and a link is no call.
        if (!context.Request.Headers.ContainsKey(OwnPages.PostHeader))
        {
            throw new ApiProblemException(StatusCodes.Status403Forbidden, $"the header {OwnPages.PostHeader} is missing");
        }

        var wanted = context.Request.Query["server"].ToString();
        var server =
            servers.All.FirstOrDefault(one => one.Label == wanted)
            ?? throw new ApiProblemException(StatusCodes.Status404NotFound, $"server: there is no '{wanted}'");
        return calls.SendAsync(context, server);
    }

    private JsonObject? Report(byte[] body)
    {
        if (CspViolation.Read(new ReadOnlySequence<byte>(body), options.CurrentValue.Csp) is not { } violation)
        {
            return null;
        }

        reports.Tell(violation);
        return new JsonObject { ["blocked"] = violation.Blocked, ["fix"] = violation.Fix };
    }

    private static async Task AnswerAsync(HttpContext context, Func<byte[], JsonObject?> answer)
    {
        var buffer = new byte[MaxQuestion + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
        var answered =
            (length <= MaxQuestion ? Try(answer, buffer[..length]) : null)
            ?? throw new ApiProblemException(StatusCodes.Status400BadRequest, "the body is not what Studio sends");
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answered.ToJsonString(), context.RequestAborted);
    }

    private static JsonObject? Try(Func<byte[], JsonObject?> answer, byte[] body)
    {
        try
        {
            return answer(body);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Nothing that Studio would send.
            return null;
        }
    }
}
