using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tunnel.Relay.Cluster;

/// <summary>The other relays that this one has met, and which of them a connector should go to.</summary>
internal sealed partial class NodeDirectory(TimeProvider time, ILogger<NodeDirectory> logger)
{
    /// <summary>Nodes that a connector is told of; it needs one, and others for when that one is gone.</summary>
    public const int MaxNamed = 4;

    /// <summary>How long a node that Redis does not know any longer may still be asked.</summary>
    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    // Bounded by the nodes that there were within the last minute in which Redis answered.
    private readonly ConcurrentDictionary<string, long> _seenAt = new(StringComparer.Ordinal);

    // Those that take connectors now, with the tunnels that they have or were sent since they said so.
    private readonly Dictionary<string, int> _loads = new(StringComparer.Ordinal);

    /// <summary>Hears that connectors can go to other nodes than before.</summary>
    public Action? Changed { get; set; }

    /// <summary>Addresses of all nodes that may be there.</summary>
    public IEnumerable<string> Addresses => _seenAt.Keys;

    /// <summary>Who was there when Redis was last asked.</summary>
    public IReadOnlyList<NodeState> There { get; private set; } = [];

    /// <summary>Notes who is there. A Redis that lost its data knows few of them for some seconds.</summary>
    public void Meet(IEnumerable<NodeState> others)
    {
        var there = others.ToList();
        There = there;
        foreach (var node in there)
        {
            if (!_seenAt.ContainsKey(node.Address))
            {
                Log.Met(logger, node.Address);
            }

            _seenAt[node.Address] = time.GetTimestamp();
        }

        foreach (var (node, seenAt) in _seenAt)
        {
            if (time.GetElapsedTime(seenAt) > s_remembered && _seenAt.TryRemove(node, out _))
            {
                Log.Gone(logger, node);
            }
        }

        if (Note(there.Where(node => node.Url is not null)))
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Where one connector should go, the least loaded first; it is taken to go there, so that not all of them do.</summary>
    public IReadOnlyList<string> Name()
    {
        lock (_lock)
        {
            var named = _loads.OrderBy(node => node.Value).Select(node => node.Key).Take(MaxNamed).ToList();
            if (named is [var first, ..])
            {
                _loads[first]++;
            }

            return named;
        }
    }

    /// <returns>Whether they are others than before.</returns>
    private bool Note(IEnumerable<NodeState> nodes)
    {
        lock (_lock)
        {
            var before = _loads.Keys.ToHashSet(StringComparer.Ordinal);
            _loads.Clear();
            foreach (var node in nodes)
            {
                _loads[node.Url!] = node.Load;
            }

            return !before.SetEquals(_loads.Keys);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1405, LogLevel.Information, "another node is there node={Node}", EventName = "NodeMet")]
        public static partial void Met(ILogger logger, string node);

        [LoggerMessage(1406, LogLevel.Information, "another node is gone node={Node}", EventName = "NodeGone")]
        public static partial void Gone(ILogger logger, string node);
    }
}
