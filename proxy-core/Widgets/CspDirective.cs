namespace Tunnel.ProxyCore.Widgets;

/// <summary>What a list of a widget's metadata is about.</summary>
public enum CspDirective
{
    /// <summary>fetch, XHR, WebSocket: <c>connect-src</c>.</summary>
    Connect,

    /// <summary>Scripts, styles, images, fonts, media.</summary>
    Resource,

    /// <summary>Nested frames: <c>frame-src</c>.</summary>
    Frame,

    /// <summary><c>base-uri</c>; ChatGPT's own metadata has no word for it.</summary>
    BaseUri,

    /// <summary>Where a widget may send people without asking them; only ChatGPT's own metadata has a word for it.</summary>
    Redirect,
}
