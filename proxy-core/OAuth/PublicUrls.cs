using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// The URLs of a server as its caller has to write them: <c>http://localhost:9000/authorize</c> → <c>https://brave-otter.tunnel.example.com/authorize</c>.
/// Whatever is somewhere else is nobody's business here.
/// </summary>
/// <param name="serverOrigin">Scheme and authority that the server is called by.</param>
/// <param name="callerOrigin">Scheme and authority that the caller used.</param>
/// <param name="publicPathOf">The path for callers of a path on the server.</param>
internal sealed class PublicUrls(string serverOrigin, string callerOrigin, Func<string, string> publicPathOf)
{
    private readonly Uri _server = new(serverOrigin);

    public static PublicUrls Of(ExchangeScope exchange) =>
        new(exchange.UpstreamOrigin, exchange.CallerOrigin, exchange.Server.PublicPathOf);

    /// <returns>The URL for the caller, or null when it is not on the server or reads the same.</returns>
    public string? Translate(string url)
    {
        var (origin, path, end) = Split(url);
        return IsServers(origin) && !IsCallers(origin) ? callerOrigin + publicPathOf(path) + end : null;
    }

    /// <returns>The path of a redirect for the caller, or null when it reads the same.</returns>
    public string? TranslatePath(string target)
    {
        var (_, path, end) = Split(target);
        return target is ['/', not '/', ..] or ['/'] && publicPathOf(path) is var other && other != path ? other + end : null;
    }

    /// <summary>The path for the caller of a URL or a path, or null when it is somewhere else.</summary>
    public string? PathOf(string url)
    {
        var (origin, path, _) = Split(url);
        return IsCallers(origin) ? path
            : IsServers(origin) || url is ['/', not '/', ..] ? publicPathOf(path)
            : null;
    }

    private static (string Origin, string Path, string End) Split(string url)
    {
        var origin = EndOfOrigin(url);
        var path = url.AsSpan(origin).IndexOfAny('?', '#');
        path = path < 0 ? url.Length : origin + path;
        return (url[..origin], url[origin..path], url[path..]);
    }

    /// <summary>Where scheme and authority end, 0 where there are none.</summary>
    public static int EndOfOrigin(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
        {
            return 0;
        }

        var authority = scheme + 3;
        var length = url.AsSpan(authority).IndexOfAny('/', '?', '#');
        return length < 0 ? url.Length : authority + length;
    }

    private bool IsCallers(string origin) => origin.Equals(callerOrigin, StringComparison.OrdinalIgnoreCase);

    private bool IsServers(string origin) =>
        // A user name, or what browsers read as a slash: that is no origin any more.
        !origin.AsSpan().ContainsAny('@', '\\')
        && Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && ServerOrigin.IsSame(uri, _server);
}
