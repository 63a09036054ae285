using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// A process that speaks the revision 2026-07-28 itself. Its requests know nothing of each other, so one process serves all clients; when it
/// ends, the next request starts another.
/// </summary>
internal sealed class DirectServer : IModernServer, ILinkListener
{
    private readonly ProcessSource _source;
    private readonly BridgeMetrics _metrics;
    private readonly SemaphoreSlim _starting = new(1);
    private readonly RestartBackoff _backoff = new();
    private readonly ToolHeaders _headers = new();
    private volatile ServerLink? _link;

    public DirectServer(ProcessSource source, BridgeMetrics metrics)
    {
        _source = source;
        _metrics = metrics;
    }

    public ServerLink? Link => _link is { IsOpen: true } link ? link : null;

    /// <summary>How long it may take for a first answer.</summary>
    public TimeSpan StartLimit => _source.Options.StartLimit;

    public TimeProvider Time => _source.Time;

    /// <summary>Goes on with a process that has been asked something already.</summary>
    public void Use(ServerLink link) => _link = link;

    public async Task CallAsync(Envelope request, ModernTarget target, CancellationToken cancellationToken)
    {
        if (request.Message.IsNotification)
        {
            // The only one there is takes back a request, which on the web means that the client leaves its stream.
            return;
        }

        var call = new ServerCall(request.Message, request, target);
        try
        {
            var link = await GetAsync(cancellationToken);
            target.Left = () => _ = link.CancelAsync(call, CancellationToken.None).AsTask();
            await link.CallAsync(call, request.Message, cancellationToken);
        }
        catch (CallFailedException failed)
        {
            await call.FailAsync(failed.Error);
        }
    }

    public ValueTask<IReadOnlyList<ParamHeader>> ParamHeadersAsync(Envelope request, string tool, CancellationToken cancellationToken) =>
        _headers.OfAsync(tool, cursor => ListToolsAsync(request, cursor, cancellationToken));

    public async ValueTask ReceiveAsync(ServerLink link, RpcMessage message)
    {
        if (message.IsRequest)
        {
            // In this revision servers do not ask; they answer that they need input.
            await link.SendAsync(Answers.Error(message.IdText, -32601, "Method not found"), CancellationToken.None);
            return;
        }

        if (message.Method == "notifications/message")
        {
            // It does not say whose it is. Only where that is beyond doubt it is passed on: logs can hold what others sent.
            var asked = link.Calls.Where(call => call.Owner is Envelope { LogLevel: not null } or ClientSession).Take(2).ToList();
            if (asked is [var only])
            {
                await only.NotifyAsync(message.Text);
                return;
            }
        }

        _metrics.Dropped(Dropped.Unmatched);
    }

    public void Closed(ServerLink link)
    {
        _backoff.Died(_source.Time.GetElapsedTime(link.StartedAt));
        _headers.Forget();
    }

    public void Sweep()
    {
        if (_link is not { } link)
        {
            return;
        }

        foreach (var call in link.Calls.Where(call => call.Method != "subscriptions/listen" && IsOverdue(call)).ToList())
        {
            _ = link.GiveUpAsync(call);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_link is { } link)
        {
            await link.StopAsync();
            await link.Closed;
        }
    }

    private bool IsOverdue(ServerCall call) => _source.Time.GetElapsedTime(call.LastSign) > _source.Options.RequestLimit;

    private async Task<RpcMessage> ListToolsAsync(Envelope envelope, string? cursor, CancellationToken cancellationToken)
    {
        var message = envelope.Message;
        var meta = message.Bytes(message.Find(message.Params, "_meta"u8));
        var request = ToolHeaders.Request(Encoding.UTF8.GetString(meta.Span), cursor);
        var answer = new SingleAnswer();
        var link = await GetAsync(cancellationToken);
        await link.CallAsync(new ServerCall(request, this, answer), request, cancellationToken);
        return await answer.Task.WaitAsync(_source.Options.StartLimit, _source.Time, cancellationToken);
    }

    /// <summary>The process, started again if need be.</summary>
    /// <exception cref="CallFailedException">It cannot be started.</exception>
    public async ValueTask<ServerLink> GetAsync(CancellationToken cancellationToken)
    {
        if (_link is { IsOpen: true } running)
        {
            return running;
        }

        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_link is not { IsOpen: true } link)
            {
                await Task.Delay(_backoff.Delay, _source.Time, cancellationToken);
                link = ServerLinks.Start(_source, this, _metrics);
                _link = link;
            }

            return link;
        }
        finally
        {
            _starting.Release();
        }
    }
}
