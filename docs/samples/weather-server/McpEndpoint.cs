using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace WeatherServer;

/// <summary>
/// Streamable HTTP: each message is a POST of its own, answered with JSON or with an event stream.
/// Other methods get 405 from the router.
/// </summary>
internal static class McpEndpoint
{
    private static readonly MediaTypeHeaderValue[] s_answerTypes = [new("application/json"), new("text/event-stream")];

    public static void MapMcp(this IEndpointRouteBuilder endpoints) => endpoints.MapPost("/mcp", HandleAsync);

    private static async Task HandleAsync(HttpContext context)
    {
        var accepted = context.Request.GetTypedHeaders().Accept;
        if (!s_answerTypes.All(needed => accepted.Any(needed.IsSubsetOf)))
        {
            context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
            return;
        }

        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            await AnswerAsync(context, JsonRpcMessage.From(body.RootElement));
        }
        catch (JsonException)
        {
            await RefuseAsync(context, null, new Failure(JsonRpc.ParseError, "Parse error"));
        }
    }

    private static async Task AnswerAsync(HttpContext context, JsonRpcMessage? message)
    {
        if (message is null)
        {
            await RefuseAsync(context, null, new Failure(JsonRpc.InvalidRequest, "Invalid Request"));
            return;
        }

        if (!message.IsRequest)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var (revision, failure) = Revision.Of(message, context.Request.Headers);
        if (revision is null)
        {
            await RefuseAsync(context, message.Id, failure!);
            return;
        }

        var reply = new Reply(context.Response);
        var server = context.RequestServices.GetRequiredService<McpServer>();
        var outcome = await server.HandleAsync(message, revision, new Progress(message, reply.NotifyAsync), context.RequestAborted);
        var isUnknown = revision.IsModern && outcome is Failure { Code: JsonRpc.MethodNotFound };
        await reply.CompleteAsync(
            isUnknown ? StatusCodes.Status404NotFound : StatusCodes.Status200OK,
            JsonRpc.Response(message.Id, revision.Complete(outcome)),
            context.RequestAborted
        );
    }

    private static Task RefuseAsync(HttpContext context, JsonElement? id, Failure failure) =>
        new Reply(context.Response).CompleteAsync(StatusCodes.Status400BadRequest, JsonRpc.Response(id, failure), context.RequestAborted);
}
