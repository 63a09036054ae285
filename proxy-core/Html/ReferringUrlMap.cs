using System.Buffers;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// For CSS in which character references count, as in a style element of SVG. URLs with a reference in them stay as they are: it may be the
/// quote that ends one.
/// </summary>
internal sealed class ReferringUrlMap(IUrlMap map) : IUrlMap
{
    public byte[]? Map(ReadOnlySpan<byte> url)
    {
        if (url.Contains((byte)'&') || map.Map(url) is not { } changed)
        {
            return null;
        }

        // The quotes and angle brackets in it become escapes of CSS.
        var written = new ArrayBufferWriter<byte>(changed.Length + 1);
        foreach (var value in changed)
        {
            written.Write(value == (byte)'&' ? "&amp;"u8 : [value]);
        }

        return written.WrittenSpan.ToArray();
    }

    public IUrlMap Under(ReadOnlySpan<byte> baseUrl) => new ReferringUrlMap(map.Under(baseUrl));
}
