using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Remote;

/// <summary>What a server answers to a POST: one message as JSON, a stream of events, or a refusal.</summary>
internal sealed class RemoteReply(LocalClient client, RemoteServerOptions options, TimeProvider time)
{
    /// <summary>A refusal is a line or a page; what is longer is no message.</summary>
    private const int MaxRefusal = 1 << 20;

    /// <summary>How long the body of a refusal may take; without it the status is what is told.</summary>
    private static readonly TimeSpan s_refusalLimit = TimeSpan.FromSeconds(10);

    /// <summary>A request with a message as its body, byte for byte.</summary>
    public static HttpRequestMessage Post(Uri url, RpcMessage message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(message.Text) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        return request;
    }

    /// <summary><c>503 Service Unavailable</c></summary>
    public static string StatusOf(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();

    public static bool IsEvents(HttpResponseMessage response) =>
        response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "text/event-stream";

    /// <summary>Hands everything in a response to the client.</summary>
    /// <returns>The stream, read to its end, from where it could go on; null when there was none.</returns>
    public async Task<EventSource?> ReadAsync(HttpResponseMessage response, RemoteCall? call, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            await RefuseAsync(response, call, cancellationToken);
            return null;
        }

        if (IsEvents(response))
        {
            return await ReadEventsAsync(response, call, cancellationToken);
        }

        if (call is not null && response.StatusCode != HttpStatusCode.Accepted)
        {
            var body = BodyAsync(response, options.MaxMessage, cancellationToken);
            await client.TakeAsync(await body.WaitAsync(options.CallLimit, time, cancellationToken));
        }

        return null;
    }

    public async Task<EventSource> ReadEventsAsync(HttpResponseMessage response, RemoteCall? call, CancellationToken cancellationToken)
    {
        var isSilent = call is null or { IsLasting: true };
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var events = new EventSource(body, options.MaxMessage, isSilent ? null : options.CallLimit, time);
        try
        {
            await events.ReadAsync((type, data) => type == "message" ? client.TakeAsync(data) : ValueTask.CompletedTask, cancellationToken);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException && events.LastEventId is not null)
        {
            // The same as an end: what follows is asked for with the id.
        }

        return events;
    }

    /// <summary>Gives the server's own error on, where it has one, under the id of the request.</summary>
    private async Task RefuseAsync(HttpResponseMessage response, RemoteCall? call, CancellationToken cancellationToken)
    {
        var status = StatusOf(response);
        if (call is null)
        {
            throw new RemoteFailure(ErrorCatalog.RemoteRefused, status);
        }

        if (await FindErrorAsync(response, time, cancellationToken) is { } error)
        {
            await client.TakeAsync(error.With(error.Id, call.Request.IdText));
            return;
        }

        throw new RemoteFailure(
            ErrorCatalog.RemoteRefused,
            response.Headers.Location is { } elsewhere ? $"{status}, to {elsewhere}; use that URL if it is right" : status
        );
    }

    /// <summary>The error of JSON-RPC in a refusal; null where it has none.</summary>
    public static async Task<RpcMessage?> FindErrorAsync(
        HttpResponseMessage response,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return null;
        }

        try
        {
            var reading = BodyAsync(response, MaxRefusal, cancellationToken);
            var body = ServerLine.Trim(await reading.WaitAsync(s_refusalLimit, time, cancellationToken));
            return RpcMessage.Read(body) is { Error.Exists: true } error ? error : null;
        }
        catch (Exception unreadable) when (unreadable is HttpRequestException or IOException or JsonException or TimeoutException)
        {
            return null;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(limit, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }
}
