using System.Collections.Immutable;

namespace Tunnel.Relay.Tunnels;

/// <summary>
/// One name on this relay: the sessions that serve it, usually one, and the signal for callers who wait while none of them can.
/// It outlives its last session for as long as callers may wait for the next one.
/// </summary>
internal sealed class TunnelGroup(string name, TimeProvider time)
{
    private readonly Lock _lock = new();
    private ImmutableArray<TunnelSession> _sessions = [];
    private TaskCompletionSource _back = NewSignal();
    private long _floor;
    private long? _awaySince = time.GetTimestamp();
    private bool _isForgotten;
    private int _next;

    public string Name { get; } = name;

    public ImmutableArray<TunnelSession> Sessions => _sessions;

    /// <summary>Requests of this name that wait, and what they hold.</summary>
    public HeldShare Held { get; } = new();

    /// <summary>Adds a session, and takes out those that have to make way for it.</summary>
    /// <param name="session">The session to add.</param>
    /// <param name="replaced">Sessions of older generations; nothing new goes to them from now on.</param>
    public OpenOutcome Open(TunnelSession session, out ImmutableArray<TunnelSession> replaced)
    {
        replaced = [];
        lock (_lock)
        {
            if (_isForgotten)
            {
                return OpenOutcome.Forgotten;
            }

            if (session.Generation < _floor || _sessions.Any(open => Outdates(open, session)))
            {
                return OpenOutcome.Outdated;
            }

            _floor = Math.Max(_floor, session.Terms.Floor);
            replaced = [.. _sessions.Where(open => open.Generation < _floor || IsSameInstance(open, session))];
            _sessions = _sessions.RemoveRange(replaced).Add(session);
            NoteIfAwayUnsynchronized();
            return OpenOutcome.Opened;
        }
    }

    /// <summary>Takes this very session out.</summary>
    public bool Remove(TunnelSession session)
    {
        lock (_lock)
        {
            var rest = _sessions.Remove(session);
            var wasThere = rest.Length < _sessions.Length;
            _sessions = rest;
            NoteIfAwayUnsynchronized();
            return wasThere;
        }
    }

    /// <summary>
    /// Whether a session can take a request, has its control connection, and has not failed a moment ago. Without any, another relay may do better.
    /// </summary>
    public bool CanServeWell(int maxRequests)
    {
        foreach (var session in _sessions)
        {
            if (session.InFlight < maxRequests && session.IsUsable && !session.Left.IsCompleted && !session.Health.IsFailing(time))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the least-loaded connection of the least-loaded session.</summary>
    /// <param name="back">Completes when it is worth trying again, where there was none.</param>
    public RentedConnection? Rent(out Task back)
    {
        if (TryRent() is { } rented)
        {
            back = Task.CompletedTask;
            return rented;
        }

        // Once more under the lock, so that a connection that gets ready just now is either seen or signals.
        lock (_lock)
        {
            back = _back.Task;
            var late = TryRent();
            if (late is null)
            {
                _awaySince ??= time.GetTimestamp();
            }

            return late;
        }
    }

    /// <summary>A connection can carry requests.</summary>
    public void Ready()
    {
        lock (_lock)
        {
            _awaySince = null;
            _back.TrySetResult();
            _back = NewSignal();
        }
    }

    /// <summary>The name was opened somewhere else: those who wait look again.</summary>
    public void Retry()
    {
        lock (_lock)
        {
            _back.TrySetResult();
            if (!_isForgotten)
            {
                _back = NewSignal();
            }
        }
    }

    /// <summary>A connection is gone, perhaps the last.</summary>
    public void Lost()
    {
        lock (_lock)
        {
            NoteIfAwayUnsynchronized();
        }
    }

    /// <summary>How long there has been no connection; zero while there is one.</summary>
    public TimeSpan AwayFor()
    {
        lock (_lock)
        {
            return _awaySince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    /// <summary>Ends the group if it serves nobody. Sessions cannot be opened in it from then on, and nobody waits any longer.</summary>
    public bool TryForget()
    {
        lock (_lock)
        {
            if (!_sessions.IsEmpty)
            {
                return false;
            }

            _isForgotten = true;
            _back.TrySetResult();
            return true;
        }
    }

    private void NoteIfAwayUnsynchronized()
    {
        if (!_sessions.Any(session => session.IsUsable))
        {
            _awaySince ??= time.GetTimestamp();
        }
    }

    /// <summary>From one snapshot, so that it can do without the lock.</summary>
    private RentedConnection? TryRent()
    {
        var sessions = _sessions;
        if (sessions.Length == 1)
        {
            return Take(sessions[0]);
        }

        // Those that fail come last; a session that turns out to have no connection is passed over.
        var first = Interlocked.Increment(ref _next);
        for (var tried = ImmutableArray<TunnelSession>.Empty; tried.Length < sessions.Length; )
        {
            TunnelSession? best = null;
            for (var offset = 0; offset < sessions.Length; offset++)
            {
                var candidate = sessions[(int)((uint)(first + offset) % (uint)sessions.Length)];
                if (!tried.Contains(candidate) && (best is null || IsBetter(candidate, best)))
                {
                    best = candidate;
                }
            }

            if (Take(best!) is { } rented)
            {
                return rented;
            }

            tried = tried.Add(best!);
        }

        return null;
    }

    private static RentedConnection? Take(TunnelSession session) =>
        session.Rent() is { } connection ? new RentedConnection(session, connection) : null;

    private bool IsBetter(TunnelSession candidate, TunnelSession best) => RankOf(candidate).CompareTo(RankOf(best)) < 0;

    // Whose control connection is gone has often died, and its other connections are about to be gone as well.
    private (bool HasLeft, bool IsFailing, int InFlight) RankOf(TunnelSession session) =>
        (session.Left.IsCompleted, session.Health.IsFailing(time), session.InFlight);

    private static bool Outdates(TunnelSession open, TunnelSession session) =>
        IsSameInstance(open, session) ? open.Generation > session.Generation : open.Generation == session.Generation;

    private static bool IsSameInstance(TunnelSession one, TunnelSession other) =>
        one.Terms.Instance is { } instance && instance == other.Terms.Instance && one.Owner.OwnerId == other.Owner.OwnerId;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
