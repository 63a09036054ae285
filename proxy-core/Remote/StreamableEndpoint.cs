using System.Net;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Remote;

/// <summary>
/// Streamable HTTP of the revisions 2025-03-26 to 2025-11-25. A session that the server has forgotten is begun again as the client began it,
/// and the request that was refused is made once more.
/// </summary>
internal sealed partial class StreamableEndpoint : IRemoteEndpoint
{
    /// <summary>How long a server may take to end a session, and to begin one that it has forgotten.</summary>
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_beginLimit = TimeSpan.FromSeconds(60);

    /// <summary>How often a stream that ends without the answer is resumed in a row, when nothing new came.</summary>
    private const int MaxResumes = 5;

    private readonly RemoteParts _parts;
    private readonly Greeting _greeting = new();
    private readonly RemoteReply _reply;
    private readonly ServerMessages _messages;
    private readonly SemaphoreSlim _renewing = new(1);
    private volatile RemoteSession _session = RemoteSession.None;

    public StreamableEndpoint(RemoteParts parts)
    {
        _parts = parts;
        _reply = new RemoteReply(parts.Client, parts.Options, parts.Time);
        _messages = new ServerMessages(parts, RenewAsync);
    }

    public async Task SendAsync(RpcMessage message, RemoteCall? call, CancellationToken cancellationToken)
    {
        _greeting.Note(message);
        var isFirst = message.Method == "initialize" && call is not null;
        var session = isFirst ? RemoteSession.None : _session;
        using var response = await PostAsync(message, session, cancellationToken);
        if (isFirst)
        {
            if (
                _parts.Options.Transport == RemoteTransport.Auto
                && await OlderServerException.ReadAsync(response, _parts.Time, cancellationToken) is { } older
            )
            {
                throw older;
            }

            await BeginAsync(response, call!, cancellationToken);
        }
        else if (response.StatusCode == HttpStatusCode.NotFound && session.Id is not null && _greeting.IsComplete)
        {
            await RenewAsync(session, cancellationToken);
            using var second = await PostAsync(message, _session, cancellationToken);
            await FinishAsync(second, call, _session, cancellationToken);
        }
        else
        {
            await FinishAsync(response, call, session, cancellationToken);
        }

        if (message.Method == "notifications/initialized")
        {
            _messages.Listen(_session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _messages.DisposeAsync();
        if (_session.Id is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(s_endLimit, _parts.Time);
        try
        {
            using var response = await _parts.Http.SendAsync(() => Request(HttpMethod.Delete, _session), limit.Token);
        }
        catch (Exception gone) when (RemoteFailure.Of(gone) is not null || gone is OperationCanceledException)
        {
            // A server that is gone has no session either.
        }
    }

    private Task<HttpResponseMessage> PostAsync(RpcMessage message, RemoteSession session, CancellationToken cancellationToken) =>
        _parts.Http.SendAsync(
            () =>
            {
                var request = RemoteReply.Post(_parts.Options.Url, message);
                session.AddTo(request);
                return request;
            },
            cancellationToken
        );

    private HttpRequestMessage Request(HttpMethod method, RemoteSession session)
    {
        var request = new HttpRequestMessage(method, _parts.Options.Url);
        session.AddTo(request);
        return request;
    }

    private async Task BeginAsync(HttpResponseMessage response, RemoteCall call, CancellationToken cancellationToken)
    {
        var id = response.Headers.TryGetValues(Answers.SessionHeader, out var values) ? values.First() : null;
        await FinishAsync(response, call, RemoteSession.None with { Id = id }, cancellationToken);
        if (call is { IsAnswered: true } && await call.Answer is { Result.Exists: true } answer)
        {
            _session = new RemoteSession(id, answer.String(answer.Find(answer.Result, "protocolVersion"u8)));
        }
    }

    /// <summary>Reads the answer, and where its stream ends without it goes on with the rest of the stream.</summary>
    private async Task FinishAsync(
        HttpResponseMessage response,
        RemoteCall? call,
        RemoteSession session,
        CancellationToken cancellationToken
    )
    {
        var events = await _reply.ReadAsync(response, call, cancellationToken);
        var last = events?.LastEventId;
        var backoff = new RemoteBackoff();
        for (var tries = 0; call is { IsAnswered: false } && last is not null; tries++)
        {
            if (tries == MaxResumes)
            {
                throw new RemoteFailure(ErrorCatalog.UpstreamInvalid, "the stream ended again and again without the answer");
            }

            await Task.Delay(events!.RetryAfter ?? backoff.Next(), _parts.Time, cancellationToken);
            using var rest = await _parts.Http.SendAsync(() => Resume(session, last), cancellationToken);
            events = RemoteReply.IsEvents(rest)
                ? await _reply.ReadEventsAsync(rest, call, cancellationToken)
                : throw new RemoteFailure(ErrorCatalog.UpstreamInvalid, $"the stream ended, and its rest is {(int)rest.StatusCode}");
            if (events.LastEventId is { } newer && newer != last)
            {
                (last, tries) = (newer, 0);
            }
        }

        if (call is { IsAnswered: false } && response.StatusCode == HttpStatusCode.Accepted)
        {
            // Some servers answer on the stream of the session.
            await call.Answer.WaitAsync(_parts.Options.CallLimit, _parts.Time, cancellationToken);
        }
    }

    private HttpRequestMessage Resume(RemoteSession session, string lastEventId)
    {
        var request = Request(HttpMethod.Get, session);
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return request;
    }

    /// <summary>Begins again, unless somebody else has done so meanwhile.</summary>
    private async Task RenewAsync(RemoteSession lost, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_session != lost)
            {
                return;
            }

            Log.SessionLost(_parts.Logger);
            using var limit = new CancellationTokenSource(s_beginLimit, _parts.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                await BeginAgainAsync(lost, both.Token);
            }
            catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException("no other session", late);
            }
        }
        finally
        {
            _renewing.Release();
        }
    }

    private async Task BeginAgainAsync(RemoteSession lost, CancellationToken cancellationToken)
    {
        await AskAsync(_greeting.Initialize(), cancellationToken);
        if (_session == lost)
        {
            throw new RemoteFailure(ErrorCatalog.UpstreamInvalid, "the server has forgotten the session and begins no other");
        }

        (await PostAsync(_greeting.Initialized, _session, cancellationToken)).Dispose();
        foreach (var request in _greeting.Replay())
        {
            await AskAsync(request, cancellationToken);
        }

        // Last, because it ends who listened to the old one, and that may be who wants this.
        _messages.Listen(_session);
    }

    /// <summary>Makes a request of our own.</summary>
    private async Task AskAsync(RpcMessage request, CancellationToken cancellationToken)
    {
        using var call = new RemoteCall(request, isOwn: true, cancellationToken);
        _parts.Calls.TryAdd(call);
        try
        {
            var isFirst = request.Method == "initialize";
            var session = isFirst ? RemoteSession.None : _session;
            using var response = await PostAsync(request, session, cancellationToken);
            await (isFirst ? BeginAsync(response, call, cancellationToken) : FinishAsync(response, call, session, cancellationToken));
        }
        finally
        {
            _parts.Calls.Remove(call);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2304, LogLevel.Information, "the server has forgotten the session; beginning another one")]
        public static partial void SessionLost(ILogger logger);
    }
}
