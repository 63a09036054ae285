using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>
/// A server that is there whenever it is needed: started for the first <c>initialize</c>, and when it died started again for the next
/// message, with the same <c>initialize</c>, log level and subscriptions. What else the server remembered is lost with it; the client's
/// session goes on.
/// </summary>
internal sealed partial class SupervisedServer : ILinkListener, IAsyncDisposable
{
    private static readonly byte[] s_initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray();

    private readonly IProcessSource _source;
    private readonly ILinkListener _listener;
    private readonly BridgeMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _starting = new(1);
    private readonly RestartBackoff _backoff = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SessionMemory _memory = new();
    private RpcMessage? _initialize;
    private volatile ServerLink? _link;

    public SupervisedServer(IProcessSource source, ILinkListener listener, BridgeMetrics metrics, ILogger logger)
    {
        _source = source;
        _listener = listener;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>The server as it runs now; null when it does not.</summary>
    public ServerLink? Link => _link is { IsOpen: true } link ? link : null;

    /// <summary>Starts the server with a client's <c>initialize</c>.</summary>
    /// <returns>The response, a result or an error.</returns>
    /// <exception cref="CallFailedException">The server cannot be started, ended, or is too slow.</exception>
    public async Task<RpcMessage> InitializeAsync(RpcMessage initialize, CancellationToken cancellationToken)
    {
        var (link, response) = await StartAsync(initialize, cancellationToken);
        if (response.Result.Exists)
        {
            _initialize = initialize;
            _link = link;
        }
        else
        {
            await link.StopAsync();
        }

        return response;
    }

    /// <summary>Takes note of a request that the server gets, for when it has to be told again.</summary>
    public void Note(RpcMessage request) => _memory.Note(request);

    /// <summary>Nobody watches a resource any more.</summary>
    public void Forget(string uri) => _memory.Forget(uri);

    /// <summary>The running server, started again if need be.</summary>
    /// <exception cref="CallFailedException">It cannot be started.</exception>
    public async ValueTask<ServerLink> GetAsync(CancellationToken cancellationToken)
    {
        if (Link is { } running)
        {
            return running;
        }

        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (Link is { } restarted)
            {
                return restarted;
            }

            await Task.Delay(_backoff.Delay, _source.Time, cancellationToken);
            Log.Restarting(_logger, _backoff.QuickDeaths);
            var (link, _) = await StartAsync(_initialize!, cancellationToken);
            await link.SendAsync(s_initialized, cancellationToken);
            await ReplayAsync(link, cancellationToken);
            // Only now is it ready for anything else.
            _link = link;
            return link;
        }
        finally
        {
            _starting.Release();
        }
    }

    public ValueTask ReceiveAsync(ServerLink link, RpcMessage message) => _listener.ReceiveAsync(link, message);

    public void Closed(ServerLink link)
    {
        _backoff.Died(_source.Time.GetElapsedTime(link.StartedAt));
        _listener.Closed(link);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_link is { } link)
        {
            await link.StopAsync();
            await link.Closed;
        }
    }

    private async Task<(ServerLink Link, RpcMessage Response)> StartAsync(RpcMessage initialize, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var link = ServerLinks.Start(_source, this, _metrics);
        var answer = new SingleAnswer();
        try
        {
            await link.CallAsync(new ServerCall(initialize, this, answer), initialize, stopping.Token);
            var response = await answer.Task.WaitAsync(_source.Options.StartLimit, _source.Time, stopping.Token);
            _source.WarmUp();
            return (link, response);
        }
        catch (TimeoutException)
        {
            await link.StopAsync();
            throw new CallFailedException(ErrorCatalog.UpstreamTimeout);
        }
        catch (OperationCanceledException)
        {
            // Nobody wants the session any more, and nobody else knows of the process.
            await link.StopAsync();
            throw;
        }
    }

    /// <summary>Tells the server what the one before it had been told. It is not told what it refuses.</summary>
    private async Task ReplayAsync(ServerLink link, CancellationToken cancellationToken)
    {
        List<Task> answers = [];
        foreach (var request in _memory.Replay())
        {
            var answer = new SingleAnswer();
            await link.CallAsync(new ServerCall(request, this, answer), request, cancellationToken);
            answers.Add(answer.Task);
        }

        try
        {
            await Task.WhenAll(answers).WaitAsync(_source.Options.StartLimit, _source.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            await link.StopAsync();
            throw new CallFailedException(ErrorCatalog.UpstreamTimeout);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2211, LogLevel.Information, "starting a server again for its session, {QuickDeaths} quick ends in a row")]
        public static partial void Restarting(ILogger logger, int quickDeaths);
    }
}
