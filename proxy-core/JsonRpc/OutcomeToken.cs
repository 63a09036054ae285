using System.Text;
using System.Text.Json;

namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>The string or literal at which <see cref="OutcomeScanner"/> is, as far as it matters.</summary>
internal sealed class OutcomeToken
{
    /// <summary>Keys that matter are short and messages are for one line; of longer strings the rest is skipped.</summary>
    private const int MaxBytes = 256;

    private readonly byte[] _bytes = new byte[MaxBytes];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public string Text => Encoding.UTF8.GetString(Bytes);

    public void Clear() => _length = 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes - _length)];
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>What a string means.</summary>
    public string Unescape()
    {
        try
        {
            var reader = new Utf8JsonReader([(byte)'"', .. Bytes, (byte)'"']);
            return reader.Read() ? reader.GetString() ?? string.Empty : string.Empty;
        }
        catch (Exception cut) when (cut is JsonException or InvalidOperationException)
        {
            // Cut inside an escape or a character, or not UTF-8: readable enough as it is.
            return Text;
        }
    }
}
