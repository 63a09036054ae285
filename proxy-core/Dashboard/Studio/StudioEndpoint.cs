using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Widgets.Reports;

namespace Tunnel.ProxyCore.Dashboard.Studio;

/// <summary>What Studio asks: <c>/api/v1/studio/mcp</c>, <c>…/policies</c>, <c>…/violations</c>. Who may ask has been decided before.</summary>
internal sealed class StudioEndpoint(
    StudioCalls calls,
    McpServers servers,
    ViolationReports reports,
    IOptionsMonitor<McpProxyOptions> options
)
{
    public const string Root = "/api/v1/studio/";

    /// <summary>The metadata of a widget, in bytes.</summary>
    private const int MaxQuestion = 256 * 1024;

    public Task AnswerAsync(HttpContext context) =>
        context.Request.Path.Value switch
        {
            Root + "mcp" => CallAsync(context),
            Root + "policies" => AnswerAsync(context, body => WidgetPolicies.Answer(JsonElement.Parse(body))),
            Root + "violations" => AnswerAsync(context, Report),
            _ => DashboardAnswer.FailAsync(context, StatusCodes.Status404NotFound, "Studio asks for mcp, policies and violations"),
        };

    private Task CallAsync(HttpContext context)
    {
        var wanted = context.Request.Query["server"].ToString();
        var server = servers.All.FirstOrDefault(one => IsCalled(one, wanted));
        return server is null
            ? DashboardAnswer.FailAsync(context, StatusCodes.Status404NotFound, $"server: there is no '{wanted}'")
            : calls.SendAsync(context, server);
    }

    /// <summary>A server has a name, or else is called by its address.</summary>
    private static bool IsCalled(McpServer server, string wanted) =>
        server.Name is { } name ? name == wanted : server.Upstreams.All.Any(one => new Uri(one.Url.AbsoluteUri).Authority == wanted);

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
        JsonObject? answered = null;
        try
        {
            answered = length <= MaxQuestion ? answer(buffer[..length]) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Nothing that Studio would send.
        }

        if (answered is null)
        {
            await DashboardAnswer.FailAsync(context, StatusCodes.Status400BadRequest, "the body is not what Studio sends");
            return;
        }

        await DashboardAnswer.WriteAsync(context, answered);
    }
}
