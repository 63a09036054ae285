using System.Collections.Concurrent;
using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>Serves clients of the revision 2026-07-28 with processes of earlier ones.</summary>
internal sealed class TranslatingServer : IModernServer
{
    /// <summary>How long a process waits for answers to its questions. A person may have to think.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(10);

    private readonly ProcessSource _source;
    private readonly ListenerHub _listeners;
    private readonly ConcurrentDictionary<LaneCall, bool> _calls = new();

    public TranslatingServer(ProcessSource source, LanePool lanes)
    {
        _source = source;
        _listeners = lanes.Listeners;
        Lanes = lanes;
    }

    private LanePool Lanes { get; }

    public Task CallAsync(Envelope request, ModernTarget target, CancellationToken cancellationToken)
    {
        var message = request.Message;
        return message.Method switch
        {
            "server/discover" => DiscoverAsync(request, target, cancellationToken),
            "subscriptions/listen" => ListenAsync(request, target, cancellationToken),
            // What this revision has no more. A process of an earlier one would answer.
            "initialize" or "ping" or "logging/setLevel" or "resources/subscribe" or "resources/unsubscribe" => target
                .EndAsync(Answers.Error(message.IdText, -32601, "Method not found"))
                .AsTask(),
            _ when message.Find(message.Params, "requestState"u8) is { Exists: true } state => ResumeAsync(
                request,
                state,
                target,
                cancellationToken
            ),
            _ when MayAsk(request) => CallAloneAsync(request, target, cancellationToken),
            _ => CallTogetherAsync(request, target, cancellationToken),
        };
    }

    public async ValueTask<IReadOnlyList<ParamHeader>> ParamHeadersAsync(Envelope request, string tool, CancellationToken cancellationToken)
    {
        // Any process of this client will do, even one that is at work.
        var lane = Lanes.All.FirstOrDefault(lane => lane.Key == LaneKey.Of(request) && lane.Link.IsOpen);
        if (lane is not null)
        {
            return await HeadersAsync(lane);
        }

        lane = await Lanes.ShareAsync(LaneKey.Of(request), cancellationToken);
        try
        {
            return await HeadersAsync(lane);
        }
        finally
        {
            Lanes.Return(lane);
        }

        ValueTask<IReadOnlyList<ParamHeader>> HeadersAsync(Lane asked) =>
            asked.Headers.OfAsync(tool, cursor => asked.AskAsync(ToolHeaders.Request(meta: null, cursor), cancellationToken));
    }

    public void Sweep()
    {
        foreach (var call in _calls.Keys)
        {
            if (call.SuspendedAt is { } since)
            {
                if (_source.Time.GetElapsedTime(since) > AnswerLimit)
                {
                    call.Leave();
                }
            }
            else if (_source.Time.GetElapsedTime(call.Call.LastSign) > _source.Options.RequestLimit)
            {
                _ = call.Lane.Link.GiveUpAsync(call.Call);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners.All)
        {
            await listener.Target.EndAsync(listener.Result());
        }
    }

    // Logs are not marked either: whoever wants them has to be alone with the process.
    private static bool MayAsk(Envelope request) =>
        request.LogLevel is not null
        || (
            request.Message.Method is "tools/call" or "prompts/get" or "resources/read"
            && (request.Has("sampling"u8) || request.Has("elicitation"u8) || request.Has("roots"u8))
        );

    private async Task DiscoverAsync(Envelope request, ModernTarget target, CancellationToken cancellationToken)
    {
        var lane = await Lanes.ShareAsync(LaneKey.Of(request), cancellationToken);
        Lanes.Return(lane);
        await target.EndAsync(LegacyAnswers.Discovery(request.Message, lane.Greeting));
    }

    private async Task CallTogetherAsync(Envelope request, ModernTarget target, CancellationToken cancellationToken)
    {
        var lane = await Lanes.ShareAsync(LaneKey.Of(request), cancellationToken);
        var answer = new ReturningTarget(new TranslatedTarget(request.Message, lane, target), () => Lanes.Return(lane));
        var call = new ServerCall(request.Message, this, answer);
        target.Left = () =>
        {
            _ = lane.Link.CancelAsync(call, CancellationToken.None).AsTask();
            answer.Release();
        };
        await SendAsync(lane, call, request, cancellationToken);
    }

    private async Task CallAloneAsync(Envelope request, ModernTarget target, CancellationToken cancellationToken)
    {
        var lane = await Lanes.TakeAsync(
            LaneKey.Of(request),
            free => new LaneCall(free, request, target, _source.Time, End),
            cancellationToken
        );
        var call = lane.Exclusive!;
        _calls[call] = true;
        try
        {
            await lane.SetLogLevelAsync(request.LogLevel, cancellationToken);
        }
        catch (Exception failed) when (failed is TimeoutException or CallFailedException or OperationCanceledException)
        {
            End(call);
            throw failed is TimeoutException ? new CallFailedException(ErrorCatalog.UpstreamTimeout, failed) : failed;
        }

        await SendAsync(lane, call.Call, request, cancellationToken);
    }

    private static async Task SendAsync(Lane lane, ServerCall call, Envelope request, CancellationToken cancellationToken)
    {
        // Where things stand in the request changes with what is taken out of it, so the call is sent as what is left.
        var downgraded = LegacyAnswers.Downgrade(request.Message);
        call.MoveTo(downgraded);
        await lane.Link.CallAsync(call, downgraded, cancellationToken);
    }

    private Task ResumeAsync(Envelope request, JsonSpan state, ModernTarget target, CancellationToken cancellationToken)
    {
        var message = request.Message;
        var key = message.String(state);
        if (
            _calls.Keys.FirstOrDefault(call => call.State == key && call.Method == message.Method && call.SuspendedAt is not null) is
            { } call
        )
        {
            return call.ResumeAsync(request, target, cancellationToken);
        }

        var answer = Answers.Error(
            message.IdText,
            -32602,
            "Invalid params: the request of this requestState is not known, or not any more"
        );
        return target.EndAsync(answer).AsTask();
    }

    private void End(LaneCall call)
    {
        if (_calls.TryRemove(call, out _))
        {
            Lanes.Return(call.Lane, call);
        }
    }

    private async Task ListenAsync(Envelope request, ModernTarget target, CancellationToken cancellationToken)
    {
        var message = request.Message;
        var lane = await Lanes.ShareAsync(LaneKey.Of(request), cancellationToken);
        Lanes.Return(lane);
        if (Listener.Of(message, target, lane.Greeting) is not { } listener)
        {
            await target.EndAsync(Answers.Error(message.IdText, -32602, "Invalid params: notifications is missing"));
            return;
        }

        await target.NotifyAsync(listener.Acknowledgement());
        if (listener.HearsNothing)
        {
            await target.EndAsync(listener.Result());
            return;
        }

        _listeners.Add(listener, lane);
        target.Left = () => _ = StopListeningAsync(listener);
        await SubscribeAsync(lane, "resources/subscribe", listener.Resources);
        _ = EndWithAsync(lane, listener);
    }

    private async Task StopListeningAsync(Listener listener)
    {
        if (_listeners.Remove(listener) is { } lane)
        {
            var unwatched = listener.Resources.Except(_listeners.ResourcesOf(lane), StringComparer.Ordinal);
            await SubscribeAsync(lane, "resources/unsubscribe", unwatched);
        }
    }

    /// <summary>What the process knew about subscriptions is lost with it; the client listens again when its stream ends.</summary>
    private async Task EndWithAsync(Lane lane, Listener listener)
    {
        await lane.Link.Closed;
        if (_listeners.Remove(listener) is not null)
        {
            await listener.Target.EndAsync(listener.Result());
        }
    }

    private static async Task SubscribeAsync(Lane lane, string method, IEnumerable<string> resources)
    {
        foreach (var uri in resources)
        {
            var text = $$$"""{"jsonrpc":"2.0","id":0,"method":"{{{method}}}","params":{"uri":{{{Answers.Quote(uri)}}}}}""";
            try
            {
                await lane.AskAsync(RpcMessage.Read(Encoding.UTF8.GetBytes(text))!, CancellationToken.None);
            }
            catch (Exception unanswered) when (unanswered is TimeoutException or CallFailedException)
            {
                // A resource that cannot be watched is one of which nothing is heard.
            }
        }
    }
}
