using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.Relay.Cluster;

/// <summary>The other relays, as far as a request needs to know of them.</summary>
internal interface IOtherNodes
{
    /// <summary>Where else a name is open. Remembered for a moment, and for longer while Redis cannot be asked.</summary>
    ValueTask<RouteLookup> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The connections to a node.</summary>
    ForwardDestination DestinationOf(string node);

    /// <summary>A node that was said to have a name does not have it, or cannot be reached: what was remembered is wrong.</summary>
    void Forget(string name);

    /// <summary>Origins of nodes that a connector may go to, the least loaded first.</summary>
    IReadOnlyList<string> NameOthers();

    /// <summary>All of them that are there, with what they last said of themselves.</summary>
    IReadOnlyList<NodeState> ListOthers();

    /// <summary>This node is about to stop: the others send no connector here any longer.</summary>
    Task LeaveAsync(CancellationToken cancellationToken);
}

/// <summary>One relay by itself.</summary>
internal sealed class NoOtherNodes : IOtherNodes
{
    private static readonly RouteLookup s_none = new(RouteState.None, []);

    public ValueTask<RouteLookup> FindAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(s_none);

    public ForwardDestination DestinationOf(string node) => throw new InvalidOperationException("there are no other nodes");

    public void Forget(string name)
    {
        // Nothing is remembered.
    }

    public IReadOnlyList<string> NameOthers() => [];

    public IReadOnlyList<NodeState> ListOthers() => [];

    public Task LeaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
