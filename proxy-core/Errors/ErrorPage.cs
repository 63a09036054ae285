using System.Text.Encodings.Web;
using Tunnel.ProxyCore.Pages;

namespace Tunnel.ProxyCore.Errors;

/// <summary>A <see cref="ProxyError"/> for people who look at it in a browser: what happened, where, and what to do.</summary>
internal static class ErrorPage
{
    private const string Caller = "You";
    private const string Relay = "Relay";
    private const string Connector = "mcpr";
    private const string Server = "MCP server";

    public static byte[] Write(ProxyError error, ErrorSource source, string? detail, string requestId)
    {
        var encoder = HtmlEncoder.Default;
        var about = detail is null ? string.Empty : $"""<pre>{encoder.Encode(detail)}</pre>""";
        return Page.Write(
            error.Title,
            $"""
            {WayOf(error, source)}
            {about}
            <p>What to do: {encoder.Encode(error.Hint)}.</p>
            <footer>mcpr {error.Code} &middot; request {encoder.Encode(requestId)}</footer>
            """
        );
    }

    /// <summary>The way of a request, with the place at which it ended. The connector does not know whether there is a relay before it.</summary>
    private static string WayOf(ProxyError error, ErrorSource source)
    {
        string[] places = source == ErrorSource.Edge ? [Caller, Relay, Connector, Server] : [Caller, Connector, Server];
        var broken = PlaceOf(error, source);
        var items = places.Select(place => place == broken ? $"""<li class="broken">{place}<br>stopped here</li>""" : $"<li>{place}</li>");
        return $"""<ol class="way">{string.Concat(items)}</ol>""";
    }

    // The first digit says where: docs/errors.md.
    private static string PlaceOf(ProxyError error, ErrorSource source) =>
        (error.Number / 1000) switch
        {
            1 => Caller,
            3 => Connector,
            4 or 5 or 6 => Server,
            _ => source == ErrorSource.Edge ? Relay : Connector,
        };
}
