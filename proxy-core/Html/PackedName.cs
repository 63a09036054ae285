using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// A name in lower case that is compared like a number. It takes in a byte at a time, so a name that is split over two pieces needs no
/// memory. Names longer than <see cref="MaxLength"/> are equal to none that matters, which is all that is asked of them.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct PackedName : IEquatable<PackedName>
{
    public const int MaxLength = 16;

    private ulong _high;
    private ulong _low;
    private int _length;

    public readonly int Length => _length;

    public static PackedName Of(string name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxLength);
        var packed = default(PackedName);
        foreach (var character in name)
        {
            packed.Append((byte)character);
        }

        return packed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(byte value)
    {
        var lower = (uint)(value - 'A') <= 'Z' - 'A' ? value | 0x20u : value;
        _high = (_high << 8) | (_low >> 56);
        _low = (_low << 8) | lower;
        _length++;
    }

    public readonly bool Equals(PackedName other) => _low == other._low && _high == other._high && _length == other._length;

    public override readonly bool Equals(object? obj) => obj is PackedName other && Equals(other);

    public override readonly int GetHashCode() => (int)((_low ^ (_high * 31)) * 0x9E3779B97F4A7C15 >> 32);
}
