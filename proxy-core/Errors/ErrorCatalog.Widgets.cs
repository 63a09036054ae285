namespace Tunnel.ProxyCore.Errors;

// Failures that are about the widgets of a server.
public static partial class ErrorCatalog
{
    public static readonly ProxyError DevServerUnreachable = new(
        6101,
        502,
        "Dev server of the widgets is not reachable from the connector",
        "start it, such as with npm run dev, or pass --widgets with the URL that it prints",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError DevServerTimeout = new(
        6102,
        504,
        "Dev server of the widgets did not answer in time",
        "look at its own output; a build that takes longer needs a larger --upstream-timeout"
    );

    public static readonly ProxyError DevServerInvalid = new(
        6103,
        502,
        "Dev server of the widgets broke off or sent an invalid response",
        "look at its own output for this moment; where it speaks TLS, the URL of --widgets begins with https"
    );

    public static readonly ProxyError NoSuchWidget = new(
        6201,
        404,
        "No such file among the widgets",
        "paths begin at the folder of --widgets; hidden files and links that lead out of it are not served"
    );

    public static readonly ProxyError WidgetMethod = new(
        6202,
        405,
        "Files of widgets can only be read",
        "use GET or HEAD; JSON-RPC belongs to the path of --mcp, with Content-Type: application/json"
    );
}
