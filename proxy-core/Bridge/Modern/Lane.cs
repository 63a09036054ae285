using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// A process of an earlier revision that was told who its clients are. A request that the process may have questions about has it for itself,
/// since questions do not say which request they are about.
/// </summary>
internal sealed class Lane : ILinkListener
{
    private static readonly byte[] s_initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray();

    private readonly ProcessSource _source;
    private readonly ListenerHub _listeners;
    private readonly BridgeMetrics _metrics;
    private readonly Action<Lane> _closed;
    private string? _logLevel;
    private long _lastUse;

    private Lane(LaneKey key, ProcessSource source, ListenerHub listeners, BridgeMetrics metrics, Action<Lane> closed)
    {
        Key = key;
        _source = source;
        _listeners = listeners;
        _metrics = metrics;
        _closed = closed;
        Use();
        Link = ServerLinks.Start(source, this, metrics);
    }

    public LaneKey Key { get; }

    public ServerLink Link { get; }

    /// <summary>What it answered to <c>initialize</c>.</summary>
    public RpcMessage Greeting { get; private set; } = null!;

    public ToolHeaders Headers { get; } = new();

    /// <summary>The request that has it for itself.</summary>
    public LaneCall? Exclusive { get; set; }

    /// <summary>How many requests share it. The lock of the pool guards this and <see cref="Exclusive"/>.</summary>
    public int Shared { get; set; }

    public bool IsFree => Exclusive is null && Shared == 0;

    public TimeSpan IdleTime => _source.Time.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <exception cref="CallFailedException">The process cannot be started, or does not greet.</exception>
    public static async Task<Lane> StartAsync(
        LaneKey key,
        ProcessSource source,
        ListenerHub listeners,
        BridgeMetrics metrics,
        Action<Lane> closed,
        CancellationToken cancellationToken
    )
    {
        var lane = new Lane(key, source, listeners, metrics, closed);
        try
        {
            lane.Greeting = await lane.AskAsync(RpcMessage.Read(key.Initialize())!, cancellationToken);
            if (lane.Greeting.Result.Exists)
            {
                await lane.Link.SendAsync(s_initialized, cancellationToken);
                source.WarmUp();
                return lane;
            }
        }
        catch (Exception failed) when (failed is TimeoutException or OperationCanceledException or CallFailedException)
        {
            await lane.Link.StopAsync();
            throw failed is TimeoutException ? new CallFailedException(ErrorCatalog.UpstreamTimeout, failed) : failed;
        }

        await lane.Link.StopAsync();
        throw new CallFailedException(ErrorCatalog.UpstreamInvalid);
    }

    /// <summary>Asks the process something of our own.</summary>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    /// <exception cref="CallFailedException">It has ended.</exception>
    public async Task<RpcMessage> AskAsync(RpcMessage request, CancellationToken cancellationToken)
    {
        var answer = new SingleAnswer();
        await Link.CallAsync(new ServerCall(request, this, answer), request, cancellationToken);
        return await answer.Task.WaitAsync(_source.Options.StartLimit, _source.Time, cancellationToken);
    }

    /// <summary>Makes the process log from this level on, as the next request wants it.</summary>
    public async Task SetLogLevelAsync(string? level, CancellationToken cancellationToken)
    {
        if (level is null || level == _logLevel || !Greeting.Find(Greeting.Find(Greeting.Result, "capabilities"u8), "logging"u8).Exists)
        {
            return;
        }

        var request = $$$"""{"jsonrpc":"2.0","id":0,"method":"logging/setLevel","params":{"level":{{{Answers.Quote(level)}}}}}""";
        await AskAsync(RpcMessage.Read(Encoding.UTF8.GetBytes(request))!, cancellationToken);
        _logLevel = level;
    }

    public async ValueTask ReceiveAsync(ServerLink link, RpcMessage message)
    {
        if (message.Method == "ping" && message.IsRequest)
        {
            await link.SendAsync(Answers.Result(message.IdText, "{}"), CancellationToken.None);
        }
        else if (message.IsRequest)
        {
            if (Exclusive is not { } call || !call.TryAsk(message))
            {
                await link.SendAsync(
                    Answers.Error(message.IdText, -32601, "no request is being served that this could belong to"),
                    CancellationToken.None
                );
            }
        }
        else if (message.Method is "notifications/tools/list_changed")
        {
            Headers.Forget();
            await _listeners.TellAsync(message);
        }
        else if (ListenerHub.IsForListeners(message))
        {
            await _listeners.TellAsync(message);
        }
        else if (Exclusive is { } call)
        {
            await call.NotifyAsync(message);
        }
        else
        {
            _metrics.Dropped(Dropped.Unmatched);
        }
    }

    public void Closed(ServerLink link) => _closed(this);

    public void Use() => Volatile.Write(ref _lastUse, _source.Time.GetTimestamp());
}
