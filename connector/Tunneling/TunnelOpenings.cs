namespace Tunnel.Connector.Tunneling;

/// <summary>The openings of one tunnel, the newest last. Bounded by two that serve, and those whose relay is about to stop.</summary>
internal sealed class TunnelOpenings
{
    private readonly List<TunnelOpening> _openings = [];

    public bool IsEmpty => _openings.Count == 0;

    /// <summary>The opening that has carried requests for longest, if any does.</summary>
    public TunnelOpening? Up => _openings.Find(opening => opening.State.IsUp);

    /// <summary>How they are now.</summary>
    /// <remarks>Relays that do not know of several openings of one tunnel end the older.</remarks>
    public IReadOnlyList<OpeningState> States
    {
        get
        {
            var states = _openings.ConvertAll(opening => opening.State);
            var newest = states.Count > 0 ? states.Max(state => state.Tunnel.Generation) : 0;
            return states.ConvertAll(state => state with { IsStopping = state.IsStopping || state.Tunnel.Generation < newest });
        }
    }

    public void Add(TunnelOpening opening) => _openings.Add(opening);

    /// <summary>Takes out one that is over.</summary>
    public TunnelOpening? TakeEnded()
    {
        var ended = _openings.Find(opening => opening.Ended.IsCompleted);
        if (ended is not null)
        {
            _openings.Remove(ended);
        }

        return ended;
    }

    /// <summary>Leaves relays that are about to stop, if another carries requests.</summary>
    public async Task LeaveStoppingAsync()
    {
        var states = States;
        if (states.Any(state => state is { IsUp: true, IsStopping: false }))
        {
            var left = _openings.Where((_, index) => states[index].IsStopping).ToList();
            _openings.RemoveAll(left.Contains);
            await Task.WhenAll(left.Select(opening => opening.LeaveAsync()));
        }
    }

    public Task LeaveAllAsync() => Task.WhenAll(_openings.Select(opening => opening.LeaveAsync()));
}
