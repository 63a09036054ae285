using System.Net;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>The Streamable HTTP transport of the revisions 2025-03-26 to 2025-11-25: POST, GET and DELETE on one endpoint, with sessions.</summary>
internal sealed class StreamableHttp(SessionHost host)
{
    /// <summary>The revision from which on clients understand an event without data.</summary>
    private const string PrimingRevision = "2025-11-25";

    /// <summary>Answers a POST.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        BridgeRequest request,
        IReadOnlyList<RpcMessage> messages,
        CancellationToken cancellationToken
    )
    {
        if (messages is [{ Method: "initialize", IsRequest: true } initialize] && request.SessionId is null)
        {
            return await BeginAsync(request, initialize, cancellationToken);
        }

        if (FindSession(request, out var session) is { } refusal)
        {
            return refusal;
        }

        var requests = messages.Where(message => message.IsRequest).ToList();
        if (requests.Count == 0)
        {
            await session!.SendAsync(messages, new LastingStreamTarget(session.Streams.Own), cancellationToken);
            return Answers.Accepted();
        }

        // The client may leave before the server has all of it; in these revisions that does not mean that it wants nothing done.
        if (!request.AcceptsEvents)
        {
            var responses = new CollectingTarget(requests.Count, isBatch: messages.Count > 1);
            await session!.SendAsync(messages, responses, CancellationToken.None);
            return Mark(Answers.Json(await responses.Task.WaitAsync(cancellationToken)), session);
        }

        if (messages.Count == 1)
        {
            var answer = new PromptTarget(() => OpenStream(session!), session!.Streams.Time);
            await session.SendAsync(messages, answer, CancellationToken.None);
            return Mark(await answer.AnswerAsync(cancellationToken), session);
        }

        var stream = OpenStream(session!);
        var body = stream.Read();
        await session!.SendAsync(messages, new StreamTarget(stream, requests.Count), CancellationToken.None);
        return Mark(Answers.Events(body), session);
    }

    /// <summary>Answers a GET: the stream of what belongs to no request, or the rest of a stream that broke.</summary>
    public HttpResponseMessage Get(BridgeRequest request)
    {
        if (!request.AcceptsEvents)
        {
            return Answers.Refuse(HttpStatusCode.NotAcceptable, -32000, "Not Acceptable: the client must accept text/event-stream");
        }

        if (FindSession(request, out var session) is { } refusal)
        {
            return refusal;
        }

        session!.Use();
        if (request.LastEventId is not { } lastId)
        {
            return Mark(Answers.Events(session.Streams.Own.Read(session.Streams.Own.Seen)), session);
        }

        return EventFrame.ParseId(lastId) is { } last && session.Streams.Find(last.Stream) is { } stream
            ? Mark(Answers.Events(stream.Read(last.Number)), session)
            : Answers.BadRequest("the event of Last-Event-ID is not known, or not any more");
    }

    /// <summary>Answers a DELETE: the client is done.</summary>
    public HttpResponseMessage Delete(BridgeRequest request)
    {
        if (FindSession(request, out var session) is { } refusal)
        {
            return refusal;
        }

        host.End(session!);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
    }

    private async Task<HttpResponseMessage> BeginAsync(BridgeRequest request, RpcMessage initialize, CancellationToken cancellationToken)
    {
        var session = host.Create(SessionVariables.Of(request, host.Options));
        RpcMessage response;
        try
        {
            response = await host.InitializeAsync(session, initialize, cancellationToken);
        }
        catch (CallFailedException failed)
        {
            await session.DisposeAsync();
            return Answers.Json(Answers.Failure(initialize.IdText, failed.Error), (HttpStatusCode)failed.Error.Status);
        }
        catch (OperationCanceledException)
        {
            await session.DisposeAsync();
            throw;
        }

        if (!response.Result.Exists)
        {
            await session.DisposeAsync();
            return Answers.Json(response.Text);
        }

        host.Begin(session);
        if (!request.AcceptsEvents)
        {
            return Mark(Answers.Json(response.Text), session);
        }

        var stream = OpenStream(session);
        var body = stream.Read();
        await stream.SendAsync(response.Text);
        stream.End();
        return Mark(Answers.Events(body), session);
    }

    private static EventStream OpenStream(ClientSession session)
    {
        var stream = session.Streams.Open();
        if (string.CompareOrdinal(session.ProtocolVersion, PrimingRevision) >= 0)
        {
            stream.Prime();
        }

        return stream;
    }

    private HttpResponseMessage? FindSession(BridgeRequest request, out ClientSession? session)
    {
        session = null;
        if (request.SessionId is not { } id)
        {
            return Answers.BadRequest("Bad Request: Mcp-Session-Id header is required");
        }

        session = host.Sessions.Find(id);
        return session is null ? Answers.SessionNotFound() : null;
    }

    private static HttpResponseMessage Mark(HttpResponseMessage response, ClientSession session)
    {
        response.Headers.TryAddWithoutValidation(Answers.SessionHeader, session.Id);
        return response;
    }
}
