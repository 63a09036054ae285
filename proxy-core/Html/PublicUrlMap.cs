using System.Buffers;
using System.Text;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Leads URLs of a local server to the origin under which the world reaches it: <c>http://localhost:5173/a.js</c> becomes
/// <c>https://brave-otter.example.com/a.js</c>, and <c>ws</c> becomes <c>wss</c>. Where a document is shown from another origin, its relative
/// URLs can be made absolute as well. Other URLs stay as they are.
/// </summary>
internal sealed class PublicUrlMap : IUrlMap
{
    private static readonly SearchValues<byte> s_endOfAuthority = SearchValues.Create("/\\?#"u8);

    private readonly LocalOrigins _local;
    private readonly Uri _base;
    private readonly bool _makesAbsolute;

    /// <summary>The public origin for pages and for WebSockets, or null where there is none.</summary>
    private readonly byte[]? _http;
    private readonly byte[]? _ws;

    /// <summary>The path that relative URLs start from, or null where they stay relative.</summary>
    private readonly byte[]? _path;

    /// <param name="documentUrl">Of the document or style sheet, at the local server.</param>
    /// <param name="localOrigins">Scheme and authority of the local servers that the public origin leads to.</param>
    /// <param name="publicOrigin">Scheme and authority, or null: then nothing changes.</param>
    /// <param name="makesAbsolute">Whether relative URLs become absolute, for a document that is not loaded from its own URL.</param>
    public PublicUrlMap(Uri documentUrl, IEnumerable<string> localOrigins, string? publicOrigin, bool makesAbsolute)
    {
        (_base, _local, _makesAbsolute) = (documentUrl, new LocalOrigins(localOrigins), makesAbsolute);
        if (publicOrigin is not null)
        {
            var origin = new Uri(publicOrigin);
            _http = Encoding.UTF8.GetBytes(origin.GetLeftPart(UriPartial.Authority));
            _ws = Encoding.UTF8.GetBytes($"{(origin.Scheme == Uri.UriSchemeHttps ? "wss" : "ws")}://{origin.Authority}");
            _path = StartOfRelative();
        }
    }

    private PublicUrlMap(PublicUrlMap other, Uri baseUrl)
    {
        (_base, _local, _makesAbsolute, _http, _ws) = (baseUrl, other._local, other._makesAbsolute, other._http, other._ws);
        _path = StartOfRelative();
    }

    public byte[]? Map(ReadOnlySpan<byte> url)
    {
        if (_http is null)
        {
            return null;
        }

        var scheme = SchemeOf(url);
        var rest = url[scheme.Length..];
        return rest is [(byte)'/' or (byte)'\\', (byte)'/' or (byte)'\\', ..] ? MapAbsolute(scheme, rest)
            : _path is null || !scheme.IsEmpty ? null
            : MapRelative(url);
    }

    public IUrlMap Under(ReadOnlySpan<byte> baseUrl) =>
        Uri.TryCreate(_base, Encoding.UTF8.GetString(baseUrl).Trim(), out var resolved) && IsHttp(resolved)
            ? new PublicUrlMap(this, resolved)
            : this;

    private static bool IsHttp(Uri url) => url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps;

    /// <summary>The scheme with its colon, or nothing. There are no other schemes here.</summary>
    private static ReadOnlySpan<byte> SchemeOf(ReadOnlySpan<byte> url)
    {
        ReadOnlySpan<byte> longest = "https:"u8;
        var colon = url[..Math.Min(url.Length, longest.Length)].IndexOf((byte)':');
        return colon is 2 or 3 or 4 or 5 && IsScheme(url[..colon]) ? url[..(colon + 1)] : default;
    }

    private static bool IsScheme(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "http"u8)
        || Ascii.EqualsIgnoreCase(name, "https"u8)
        || Ascii.EqualsIgnoreCase(name, "ws"u8)
        || Ascii.EqualsIgnoreCase(name, "wss"u8);

    private static byte[] Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        [.. first, .. second, .. third];

    private byte[]? StartOfRelative() =>
        _makesAbsolute && _http is not null && _local.Contains(_base.Scheme == Uri.UriSchemeHttps, Encoding.UTF8.GetBytes(_base.Authority))
            ? Encoding.UTF8.GetBytes(_base.AbsolutePath)
            : null;

    /// <summary><c>http://localhost:5173/a.js</c>, or <c>//localhost:5173/a.js</c> with the scheme of the document.</summary>
    private byte[]? MapAbsolute(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> rest)
    {
        // Browsers take any number of slashes, of either kind (WHATWG URL 4.4, special authority ignore slashes).
        var authority = rest.TrimStart("/\\"u8);
        var length = authority.IndexOfAny(s_endOfAuthority);
        length = length < 0 ? authority.Length : length;
        var isSecure = scheme.IsEmpty
            ? _base.Scheme == Uri.UriSchemeHttps
            : scheme is [.., (byte)'s' or (byte)'S', (byte)':'] && scheme.Length != "ws:".Length;
        var isWebSocket = scheme is [(byte)'w' or (byte)'W', ..];
        return _local.Contains(isSecure, authority[..length]) ? Join(isWebSocket ? _ws : _http, authority[length..], default) : null;
    }

    /// <summary><c>/a.js</c>, <c>?page=2</c>, <c>../a.js</c></summary>
    private byte[] MapRelative(ReadOnlySpan<byte> url)
    {
        ReadOnlySpan<byte> path = _path;
        if (url[0] is (byte)'/' or (byte)'\\')
        {
            return Join(_http, url, default);
        }

        if (url[0] == (byte)'?')
        {
            return Join(_http, path, url);
        }

        var folder = FolderOf(path);
        while (TrySkipDots(ref url, out var leavesFolder))
        {
            folder = leavesFolder && folder.Length > 1 ? FolderOf(folder[..^1]) : folder;
        }

        return Join(_http, folder, url);
    }

    private static ReadOnlySpan<byte> FolderOf(ReadOnlySpan<byte> path) => path[..(path.LastIndexOf((byte)'/') + 1)];

    /// <summary>A first segment of one or two dots; others are for the browser to resolve.</summary>
    private static bool TrySkipDots(ref ReadOnlySpan<byte> url, out bool leavesFolder)
    {
        var length = url.IndexOfAny(s_endOfAuthority);
        var segment = length < 0 ? url : url[..length];
        leavesFolder = segment.SequenceEqual(".."u8);
        if (!leavesFolder && !segment.SequenceEqual("."u8))
        {
            return false;
        }

        url = url[segment.Length..];
        url = url is [(byte)'/' or (byte)'\\', ..] ? url[1..] : url;
        return true;
    }
}
