using System.Runtime.InteropServices;

namespace Tunnel.ProxyCore.Bridge.Messages;

/// <summary>A value inside a JSON text, by byte position; without a length there is none.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonSpan(int Start, int Length)
{
    public bool Exists => Length > 0;

    public int End => Start + Length;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> json) => json.Slice(Start, Length);
}
