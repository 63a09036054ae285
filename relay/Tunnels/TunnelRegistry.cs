using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tunnels;

/// <summary>The tunnels that are open on this relay, by name, and the owner of everything that winds down in the background.</summary>
internal sealed partial class TunnelRegistry(IOptions<RelayOptions> options, TimeProvider time, ILogger<TunnelRegistry> logger)
    : IHostedService,
        IDisposable
{
    /// <summary>Stopping must not wait for streams that nobody ends.</summary>
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(2);

    // Bounded by MaxTunnels.
    private readonly ConcurrentDictionary<string, TunnelSession> _open = new(StringComparer.Ordinal);

    // Bounded by the sessions that were open: each waits for its connector once and drains once, both within a limit.
    private readonly ConcurrentDictionary<long, Task> _windingDown = new();

    private readonly CancellationTokenSource _stopping = new();
    private long _lastTaskId;

    public bool IsFull => _open.Count >= options.Value.MaxTunnels;

    public TunnelSession? Find(string name) => _open.GetValueOrDefault(name);

    /// <summary>Opens a session unless a newer generation of its name is open already.</summary>
    /// <param name="session">The session to open.</param>
    /// <param name="replaced">The older session that it takes over from; it drains by itself.</param>
    public bool TryOpen(TunnelSession session, out TunnelSession? replaced)
    {
        while (true)
        {
            if (!_open.TryGetValue(session.Name, out replaced))
            {
                if (_open.TryAdd(session.Name, session))
                {
                    Log.Opened(logger, session.Name, session.Generation);
                    return true;
                }
            }
            else if (replaced.Generation >= session.Generation)
            {
                return false;
            }
            else if (_open.TryUpdate(session.Name, session, replaced))
            {
                Log.Replaced(logger, session.Name, replaced.Generation, session.Generation, replaced.InFlight);
                Drain(replaced, ErrorCatalog.TunnelTakenOver);
                return true;
            }
        }
    }

    /// <summary>Closes this very session; a newer one of the same name is not touched.</summary>
    public void Close(TunnelSession session, string reason)
    {
        if (_open.TryRemove(KeyValuePair.Create(session.Name, session)))
        {
            Log.Closed(logger, session.Name, session.Generation, reason, session.InFlight);
        }

        Drain(session, ErrorCatalog.TunnelOffline);
    }

    /// <summary>The control connection is gone. The data connections serve on for a while, the connector is probably dialling already.</summary>
    public void ControlLost(TunnelSession session)
    {
        if (Find(session.Name) != session)
        {
            return;
        }

        Log.ControlLost(logger, session.Name, session.Generation);
        Track(CloseAfterGraceAsync(session));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Closes every tunnel. The server waits for its connections when it stops, so this has to come before.</summary>
    public void CloseAll()
    {
        _stopping.Cancel();
        foreach (var session in _open.Values)
        {
            Close(session, "relay-stopping");
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        CloseAll();

        // Sessions that were draining already have a longer limit than there is time now.
        await Task.WhenAny(Task.WhenAll(_windingDown.Values), Task.Delay(s_stopLimit, time, cancellationToken));
    }

    public void Dispose() => _stopping.Dispose();

    private async Task CloseAfterGraceAsync(TunnelSession session)
    {
        try
        {
            await Task.Delay(options.Value.ControlLossGrace, time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping closes it at once.
        }

        Close(session, "control-lost");
    }

    private void Drain(TunnelSession session, ProxyError reason)
    {
        var limit = _stopping.IsCancellationRequested ? s_stopLimit : options.Value.DrainLimit;
        Track(session.DrainAsync(reason, limit, time));
    }

    /// <summary>Keeps a task until it ends, so that stopping can wait for it.</summary>
    private void Track(Task task)
    {
        var id = Interlocked.Increment(ref _lastTaskId);
        var tracked = ForgetWhenDoneAsync(id, task);
        _windingDown[id] = tracked;
        if (tracked.IsCompleted)
        {
            _windingDown.TryRemove(id, out _);
        }
    }

    private async Task ForgetWhenDoneAsync(long id, Task task)
    {
        try
        {
            await task;
        }
        finally
        {
            _windingDown.TryRemove(id, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Information, "tunnel opened name={Name} generation={Generation}", EventName = "TunnelOpened")]
        public static partial void Opened(ILogger logger, string name, long generation);

        [LoggerMessage(
            1002,
            LogLevel.Information,
            "tunnel replaced name={Name} old={OldGeneration} new={NewGeneration} draining={InFlight}",
            EventName = "TunnelReplaced"
        )]
        public static partial void Replaced(ILogger logger, string name, long oldGeneration, long newGeneration, int inFlight);

        [LoggerMessage(
            1003,
            LogLevel.Information,
            "tunnel closed name={Name} generation={Generation} reason={Reason} draining={InFlight}",
            EventName = "TunnelClosed"
        )]
        public static partial void Closed(ILogger logger, string name, long generation, string reason, int inFlight);

        [LoggerMessage(
            1004,
            LogLevel.Information,
            "control connection lost name={Name} generation={Generation}",
            EventName = "ControlLost"
        )]
        public static partial void ControlLost(ILogger logger, string name, long generation);
    }
}
