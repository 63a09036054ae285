namespace Tunnel.ProxyCore.Html;

/// <summary>Finds what a name stands for, in a few instructions: the table is sparse, and fixed once it is made.</summary>
internal sealed class NameTable<TMeaning>
    where TMeaning : struct, Enum
{
    private const int Sparseness = 4;

    private readonly (PackedName Name, TMeaning Meaning)[] _slots;

    public NameTable(params ReadOnlySpan<(string Name, TMeaning Meaning)> entries)
    {
        _slots = new (PackedName, TMeaning)[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(entries.Length * Sparseness))];
        foreach (var (name, meaning) in entries)
        {
            var packed = PackedName.Of(name);
            _slots[SlotOf(packed)] = (packed, meaning);
        }
    }

    /// <returns>The default meaning for a name that is not in the table.</returns>
    public TMeaning Find(in PackedName name) => _slots[SlotOf(name)].Meaning;

    /// <summary>The slot of the name, or the free one where it would be: free slots hold the default meaning.</summary>
    private int SlotOf(in PackedName name)
    {
        var slot = name.GetHashCode() & (_slots.Length - 1);
        while (!_slots[slot].Name.Equals(name) && !_slots[slot].Name.Equals(default))
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }
}
