using System.Text;
using Tunnel.ProxyCore.Html;

namespace Tunnel.ProxyCore.Tests.Html;

/// <summary>Puts text with every special character in front of each URL, so that whatever is found shows, and what is written must be encoded.</summary>
internal sealed class PrefixUrlMap : IUrlMap
{
    public const string Prefix = "https://p.example/?'\"&<>()\\=`&amp;u=";

    public byte[] Map(ReadOnlySpan<byte> url) => [.. Encoding.UTF8.GetBytes(Prefix), .. url];

    public IUrlMap Under(ReadOnlySpan<byte> baseUrl) => this;
}

/// <summary>Says no every time, or the same again.</summary>
internal sealed class SameUrlMap(bool answers) : IUrlMap
{
    public byte[]? Map(ReadOnlySpan<byte> url) => answers ? url.ToArray() : null;

    public IUrlMap Under(ReadOnlySpan<byte> baseUrl) => this;
}
