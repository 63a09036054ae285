using System.Collections.Immutable;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;

namespace Tunnel.Relay.Tunnels;

/// <summary>One opening of a name by one connector: its control connection and the data connections that belong to it.</summary>
internal sealed class TunnelSession(SessionTerms terms)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<DataConnection> _connections = [];
    private bool _isClosing;
    private int _next;
    private int _inFlight;

    public SessionTerms Terms { get; } = terms;

    public string Name => Terms.Name;

    public ConnectorIdentity Owner => Terms.Owner;

    public long Generation => Terms.Generation;

    /// <summary>What it holds of the name store.</summary>
    public NameLease Lease =>
        new(Name, Owner.OwnerId, Generation) { Terms = new LeaseTerms(Terms.Project, Terms.Floor, Terms.Joins, Owner.KeepNamesFor) };

    /// <summary>Why the session takes nothing new, once it does not.</summary>
    public ProxyError? ClosingReason { get; private set; }

    /// <summary>Completes when the session takes nothing new any longer, or has nobody to talk to about it.</summary>
    public Task Left => _left.Task;

    /// <summary>Exchanges under way on all data connections.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public int DataConnections => _connections.Length;

    /// <summary>Whether an exchange could go out now.</summary>
    public bool IsUsable => !_isClosing && _connections.Any(connection => connection.IsUsable);

    /// <summary>How this session does compared to others that share its name.</summary>
    public SessionHealth Health { get; } = new();

    /// <summary>Adds a connection; exchanges use it as soon as it has been probed.</summary>
    /// <returns>False when the session is closing or has enough.</returns>
    public bool TryAdd(DataConnection connection)
    {
        lock (_lock)
        {
            if (_isClosing || _connections.Length >= Terms.MaxDataConnections)
            {
                return false;
            }

            _connections = _connections.Add(connection);
            return true;
        }
    }

    public void Remove(DataConnection connection)
    {
        lock (_lock)
        {
            _connections = _connections.Remove(connection);
        }

        SignalIfIdle();
    }

    /// <summary>Takes the usable connection with the fewest exchanges under way; give it back with <see cref="Return"/>.</summary>
    /// <returns>Null when there is none, or the session is closing.</returns>
    public DataConnection? Rent()
    {
        lock (_lock)
        {
            if (_isClosing)
            {
                return null;
            }

            DataConnection? best = null;
            var first = _next++;
            for (var offset = 0; offset < _connections.Length; offset++)
            {
                var candidate = _connections[(int)((uint)(first + offset) % (uint)_connections.Length)];
                if (candidate.IsUsable && (best is null || candidate.InFlight < best.InFlight))
                {
                    best = candidate;
                }
            }

            if (best is not null)
            {
                best.Enter();
                Interlocked.Increment(ref _inFlight);
            }

            return best;
        }
    }

    /// <summary>The control connection is gone.</summary>
    public void LoseControl() => _left.TrySetResult();

    public void Return(DataConnection connection)
    {
        Interlocked.Decrement(ref _inFlight);
        if (connection.Leave() == 0)
        {
            SignalIfIdle();
        }
    }

    /// <summary>Takes nothing new from now on, lets exchanges under way finish within the limit, then closes the connections.</summary>
    public async Task DrainAsync(ProxyError reason, TimeSpan limit, TimeProvider time)
    {
        lock (_lock)
        {
            if (_isClosing)
            {
                return;
            }

            _isClosing = true;
            ClosingReason = reason;
        }

        _left.TrySetResult();
        SignalIfIdle();
        await Task.WhenAny(_idle.Task, Task.Delay(limit, time, CancellationToken.None));
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private void SignalIfIdle()
    {
        lock (_lock)
        {
            if (_isClosing && _connections.All(connection => connection.InFlight == 0))
            {
                _idle.TrySetResult();
            }
        }
    }
}
