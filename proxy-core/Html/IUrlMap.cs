namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Decides what a URL in a document becomes. It sees the URL as a browser does: references and escapes decoded, no space around it, no tab
/// or line break in it. It is asked only where the answer can matter: not about empty URLs, mere fragments, and schemes other than
/// http, https, ws and wss.
/// </summary>
internal interface IUrlMap
{
    /// <returns>The new URL, or null where it stays as it is.</returns>
    byte[]? Map(ReadOnlySpan<byte> url);

    /// <summary>The same decisions for URLs that are relative to <paramref name="baseUrl"/>, the <c>href</c> of a <c>base</c> element.</summary>
    IUrlMap Under(ReadOnlySpan<byte> baseUrl);
}
