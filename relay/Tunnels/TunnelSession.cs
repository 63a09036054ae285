using System.Collections.Immutable;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.Relay.Tunnels;

/// <summary>One opening of a name by one connector: its control connection and the data connections that belong to it.</summary>
internal sealed class TunnelSession(string name, string ownerId, long generation, string controlConnectionId, int maxDataConnections)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<DataConnection> _connections = [];
    private bool _isClosing;
    private int _next;

    public string Name { get; } = name;

    public string OwnerId { get; } = ownerId;

    /// <summary>A session of a higher generation replaces this one.</summary>
    public long Generation { get; } = generation;

    /// <summary>The SignalR connection that opened the tunnel.</summary>
    public string ControlConnectionId { get; } = controlConnectionId;

    /// <summary>Why the session takes nothing new, once it does not.</summary>
    public ProxyError? ClosingReason { get; private set; }

    /// <summary>Exchanges under way on all data connections.</summary>
    public int InFlight => _connections.Sum(connection => connection.InFlight);

    public int DataConnections => _connections.Length;

    /// <summary>Adds a connection; exchanges may use it at once.</summary>
    /// <returns>False when the session is closing or has enough.</returns>
    public bool TryAdd(DataConnection connection)
    {
        lock (_lock)
        {
            if (_isClosing || _connections.Length >= maxDataConnections)
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

            best?.Enter();
            return best;
        }
    }

    public void Return(DataConnection connection)
    {
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
