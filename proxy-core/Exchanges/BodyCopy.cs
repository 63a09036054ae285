using System.Buffers;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>The beginning of a body, copied while it goes by. It never holds the body up.</summary>
/// <param name="limit">Bytes that are copied at most.</param>
/// <param name="budget">What all copies together may take.</param>
internal sealed class BodyCopy(int limit, CopyBudget budget) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _taken;

    /// <summary>Whether there was more than was copied.</summary>
    public bool IsCut { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public void Append(ReadOnlySpan<byte> piece)
    {
        // Behind a gap there is nothing.
        var room = IsCut ? 0 : Math.Min(piece.Length, limit - _bytes.WrittenCount);
        room = budget.TryTake(room) ? room : 0;
        IsCut |= room < piece.Length;
        _taken += room;
        _bytes.Write(piece[..room]);
    }

    public void Dispose() => budget.Give(_taken);
}
