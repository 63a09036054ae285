using System.Net;

namespace Tunnel.ProxyCore.Remote;

/// <summary>
/// The stream of a session on which the server says what belongs to no request (GET). It is opened again whenever it ends, behind the last
/// event, for as long as the session lasts. Servers need not have one.
/// </summary>
internal sealed class ServerMessages(RemoteParts parts, Func<RemoteSession, CancellationToken, Task> renew) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly RemoteReply _reply = new(parts.Client, parts.Options, parts.Time);
    private CancellationTokenSource? _stopping;
    private Task _listening = Task.CompletedTask;

    /// <summary>Listens to a session, in place of the one before.</summary>
    public void Listen(RemoteSession session)
    {
        lock (_lock)
        {
            _stopping?.Cancel();
            // Not disposed of: whoever listened before holds its token until its stream has ended, and it has no timer.
            _stopping = new CancellationTokenSource();
            _listening = Task.WhenAll(_listening, ListenAsync(session, _stopping.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping is not null)
        {
            await _stopping.CancelAsync();
        }

        await _listening;
    }

    private async Task ListenAsync(RemoteSession session, CancellationToken stopping)
    {
        await Task.Yield();
        var backoff = new RemoteBackoff();
        var hasBeenThere = false;
        string? last = null;
        try
        {
            while (true)
            {
                TimeSpan? pause = null;
                long? openSince = null;
                try
                {
                    using var response = await parts.Http.SendAsync(() => Request(session, last), stopping);
                    if (response.StatusCode == HttpStatusCode.NotFound && hasBeenThere)
                    {
                        await renew(session, stopping);
                        return;
                    }

                    if ((int)response.StatusCode is >= 400 and < 500 && response.StatusCode != HttpStatusCode.TooManyRequests)
                    {
                        // There is no such stream, or not for us.
                        return;
                    }

                    if (RemoteReply.IsEvents(response))
                    {
                        hasBeenThere = true;
                        openSince = parts.Time.GetTimestamp();
                        var events = await _reply.ReadEventsAsync(response, call: null, stopping);
                        last = events.LastEventId ?? last;
                        pause = events.RetryAfter;
                    }
                }
                catch (Exception broken) when (RemoteFailure.Of(broken) is not null)
                {
                    // The server may come back.
                }

                if (openSince is { } since && parts.Time.GetElapsedTime(since) > RemoteBackoff.Steady)
                {
                    backoff.Reset();
                }

                await Task.Delay(pause ?? backoff.Next(), parts.Time, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody listens to this session any more.
        }
    }

    private HttpRequestMessage Request(RemoteSession session, string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, parts.Options.Url);
        request.Headers.Accept.ParseAdd("text/event-stream");
        session.AddTo(request);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return request;
    }
}
