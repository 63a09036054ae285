using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;

namespace Tunnel.Relay.Tunnels;

/// <summary>The tunnels that are open on this relay, by name, and the owner of everything that winds down in the background.</summary>
internal sealed partial class TunnelRegistry(IOptions<RelayOptions> options, TimeProvider time, ILogger<TunnelRegistry> logger)
    : IHostedService,
        IDisposable
{
    /// <summary>Between the last caller who waits for a name and the end of the name's group.</summary>
    private static readonly TimeSpan s_forgetMargin = TimeSpan.FromSeconds(1);

    /// <summary>Stopping must not wait for streams that nobody ends.</summary>
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(2);

    // Bounded by MaxTunnels that are open and as many that were open a moment ago.
    private readonly ConcurrentDictionary<string, TunnelGroup> _groups = new(StringComparer.Ordinal);

    // Bounded by the sessions that were open: each waits for its connector once and drains once, both within a limit.
    private readonly ConcurrentDictionary<long, Task> _windingDown = new();

    private readonly CancellationTokenSource _stopping = new();
    private long _lastTaskId;
    private readonly OwnerShares _owners = new();
    private int _open;

    /// <summary>Hears of sessions that were opened.</summary>
    public Action<TunnelSession>? Opened { get; set; }

    /// <summary>Hears of sessions that were closed, and whether callers may wait for the connector to come back.</summary>
    public Action<TunnelSession, bool>? Closed { get; set; }

    /// <summary>Sessions that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    public bool IsFull => Open >= options.Value.MaxTunnels;

    /// <summary>Whether this owner has as many tunnels open here as it may have.</summary>
    public bool IsFullFor(ConnectorIdentity owner) => _owners.CountOf(owner.OwnerId) >= owner.MaxTunnels;

    /// <summary>All sessions that are open now.</summary>
    public IEnumerable<TunnelSession> Sessions => _groups.Values.SelectMany(group => group.Sessions);

    /// <summary>The name, if it is open or was a moment ago.</summary>
    public TunnelGroup? Find(string name) => _groups.GetValueOrDefault(name);

    /// <summary>Opens a session unless a newer one forbids it.</summary>
    /// <param name="session">The session to open.</param>
    /// <param name="replaced">Older sessions that it takes over from; they drain by themselves.</param>
    public bool TryOpen(TunnelSession session, out ImmutableArray<TunnelSession> replaced)
    {
        while (true)
        {
            var group = _groups.GetOrAdd(session.Name, static (name, time) => new TunnelGroup(name, time), time);
            switch (group.Open(session, out replaced))
            {
                case OpenOutcome.Opened:
                    Interlocked.Add(ref _open, 1 - replaced.Length);
                    _owners.Add(session.Owner.OwnerId, 1);
                    Log.Opened(logger, session.Name, session.Generation);
                    Opened?.Invoke(session);
                    foreach (var older in replaced)
                    {
                        Log.Replaced(logger, session.Name, older.Generation, session.Generation, older.InFlight);
                        _owners.Add(older.Owner.OwnerId, -1);
                        Drain(older, ErrorCatalog.TunnelTakenOver, options.Value.DrainLimit);
                    }

                    return true;

                case OpenOutcome.Outdated:
                    return false;

                default:
                    _groups.TryRemove(KeyValuePair.Create(session.Name, group));
                    break;
            }
        }
    }

    /// <summary>A name that was open before this relay started; callers may wait for it as if it had been open here.</summary>
    /// <returns>Null when too many names are remembered already.</returns>
    public TunnelGroup? Expect(string name)
    {
        if (_groups.Count >= MaxGroups)
        {
            return null;
        }

        var group = _groups.GetOrAdd(name, static (name, time) => new TunnelGroup(name, time), time);
        Track(ForgetLaterAsync(group));
        return group;
    }

    /// <summary>Closes this very session; others of the same name are not touched. Callers may wait for its connector to come back.</summary>
    public void Close(TunnelSession session, string reason)
    {
        if (Remove(session, reason) is { } group)
        {
            Closed?.Invoke(session, true);
            Track(ForgetLaterAsync(group));
        }

        Drain(session, ErrorCatalog.TunnelOffline, options.Value.DrainLimit);
    }

    /// <summary>Closes this very session for good; nobody waits for its connector.</summary>
    public void Close(TunnelSession session, ProxyError reason, bool finishes)
    {
        if (Remove(session, reason.Code) is { } group)
        {
            Forget(group);
            Closed?.Invoke(session, false);
        }

        Drain(session, reason, finishes ? options.Value.DrainLimit : TimeSpan.Zero);
    }

    /// <summary>The control connection is gone. The data connections serve on for a while, the connector is probably dialling already.</summary>
    public void ControlLost(TunnelSession session)
    {
        if (session.ClosingReason is not null)
        {
            return;
        }

        session.LoseControl();
        Log.ControlLost(logger, session.Name, session.Generation);
        Track(CloseAfterGraceAsync(session));
    }

    /// <summary>A data connection of the session was probed.</summary>
    public void ConnectionReady(TunnelSession session) => Find(session.Name)?.Ready();

    public void ConnectionLost(TunnelSession session) => Find(session.Name)?.Lost();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Closes every tunnel. The server waits for its connections when it stops, so this has to come before.</summary>
    public void CloseAll()
    {
        _stopping.Cancel();
        foreach (var session in Sessions)
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

    /// <summary>Keeps a task until it ends, so that stopping can wait for it.</summary>
    public void Track(Task task)
    {
        var id = Interlocked.Increment(ref _lastTaskId);
        var tracked = ForgetWhenDoneAsync(id, task);
        _windingDown[id] = tracked;
        if (tracked.IsCompleted)
        {
            _windingDown.TryRemove(id, out _);
        }
    }

    private int MaxGroups => 2 * options.Value.MaxTunnels;

    private async Task CloseAfterGraceAsync(TunnelSession session)
    {
        await DelayUnlessStoppingAsync(options.Value.ControlLossGrace);
        Close(session, "control-lost");
    }

    /// <summary>Keeps the group of a closed session for as long as callers may wait for the next one.</summary>
    private async Task ForgetLaterAsync(TunnelGroup group)
    {
        // A little longer, so that those who waited to the end hear that it was too long, and not that there is nothing to wait for.
        var hold = options.Value.Hold + s_forgetMargin;
        while (
            !_stopping.IsCancellationRequested
            && group.Sessions.IsEmpty
            && _groups.Count <= MaxGroups
            && hold - group.AwayFor() is var left
            && left > TimeSpan.Zero
        )
        {
            await DelayUnlessStoppingAsync(left);
        }

        Forget(group);
    }

    private void Forget(TunnelGroup group)
    {
        if (group.TryForget())
        {
            _groups.TryRemove(KeyValuePair.Create(group.Name, group));
        }
    }

    /// <returns>The group that it was in, or null.</returns>
    private TunnelGroup? Remove(TunnelSession session, string reason)
    {
        if (Find(session.Name) is not { } group || !group.Remove(session))
        {
            return null;
        }

        Interlocked.Decrement(ref _open);
        _owners.Add(session.Owner.OwnerId, -1);
        Log.Closed(logger, session.Name, session.Generation, reason, session.InFlight);
        return group;
    }

    private async Task DelayUnlessStoppingAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Whatever was waited for happens now.
        }
    }

    private void Drain(TunnelSession session, ProxyError reason, TimeSpan limit)
    {
        var shortest = _stopping.IsCancellationRequested && s_stopLimit < limit ? s_stopLimit : limit;
        Track(session.DrainAsync(reason, shortest, time));
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
