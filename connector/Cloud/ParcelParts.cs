namespace Tunnel.Connector.Cloud;

/// <summary>What of a parcel the relay has not said its last word on: all of it at first, then the parts that its answers have left of it.</summary>
/// <param name="parcel">All of it.</param>
internal sealed class ParcelParts(EventBatch parcel)
{
    /// <summary>How often lines are left out that the relay names; an older one names one at a time.</summary>
    public const int MaxLeftOut = 16;

    /// <summary>How often the relay may fail at a part before a smaller one is tried, while it takes nothing of the parcel.</summary>
    public const int MaxTries = 3;

    /// <summary>Failures without a pause after each, once the relay has taken a part: looking for one line among a thousand takes about twenty.</summary>
    public const int MaxInHaste = 64;

    // Bounded: a part is a line at least.
    private readonly Stack<EventBatch> _parts = new([parcel]);
    private bool _isAnyTaken;
    private int _leftOut;
    private int _tries;
    private int _inHaste;

    /// <summary>What to send next; null when nothing is left.</summary>
    public EventBatch? Next => _parts.TryPeek(out var next) ? next : null;

    /// <summary>The relay has it.</summary>
    public void Take()
    {
        Remove();
        _isAnyTaken = true;
    }

    /// <summary>Sends it no more.</summary>
    public void Remove()
    {
        _parts.Pop();
        _tries = 0;
    }

    /// <returns>False where it is one line.</returns>
    public bool TryHalve()
    {
        if (Next?.Halve() is not { } halves)
        {
            return false;
        }

        Remove();
        _parts.Push(halves.Second);
        _parts.Push(halves.First);
        return true;
    }

    /// <summary>Goes on without the lines that the relay names, or without the part where that does not help.</summary>
    /// <returns>What is lost.</returns>
    public BatchFigures LeaveOut(IReadOnlyList<int> lines)
    {
        var part = _parts.Peek();
        Remove();
        var rest = part.Without(lines);
        if (rest is null || rest.Figures.PlainBytes == part.Figures.PlainBytes || ++_leftOut > MaxLeftOut)
        {
            return part.Figures;
        }

        _parts.Push(rest);
        return part.Figures - rest.Figures;
    }

    /// <summary>The relay has failed at it.</summary>
    /// <returns>Whether it is time to look which of its lines that is for; otherwise it may be better the next time.</returns>
    public bool IsSuspect() => _isAnyTaken || ++_tries >= MaxTries;

    /// <summary>Whether the relay, that has just failed, can be asked again at once.</summary>
    public bool IsInHaste() => _isAnyTaken && ++_inHaste <= MaxInHaste;
}
