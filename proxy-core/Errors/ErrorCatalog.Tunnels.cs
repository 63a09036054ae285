namespace Tunnel.ProxyCore.Errors;

// Failures that are about names at the edge, and the way through the tunnel.
public static partial class ErrorCatalog
{
    public static readonly ProxyError UnknownName = new(
        2001,
        502,
        "No such tunnel name",
        "check the spelling; names are case-insensitive, 3 to 63 of a-z 0-9 -"
    );

    public static readonly ProxyError WrongHost = new(
        2002,
        421,
        "Host is not served here",
        "send the request to the relay's domain or to a name one level below it"
    );

    public static readonly ProxyError TunnelBusy = new(
        2101,
        503,
        "Tunnel has too many requests at once",
        "wait for running requests to finish, then try again",
        RetryAfterSeconds: 1
    );

    public static readonly ProxyError TooManyHeld = new(
        2102,
        503,
        "Too many requests wait for this tunnel",
        "its connector is away for a moment; try again when it is back",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError TunnelOffline = new(
        3101,
        503,
        "Tunnel is offline",
        "start it again: mcpr tunnel --mcp <port or URL of the MCP server>",
        RetryAfterSeconds: 5
    );

    public static readonly ProxyError TunnelReconnecting = new(
        3102,
        503,
        "Tunnel is reconnecting",
        "its connector was here a moment ago and did not come back while the request waited; try again",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError TunnelTakenOver = new(
        3103,
        503,
        "Tunnel was taken over by another connector",
        "the same identity opened this name again; stop the other connector or give one of them another --name"
    );

    public static readonly ProxyError TunnelKicked = new(
        3104,
        503,
        "Tunnel was closed by the relay's operator",
        "ask whoever runs the relay, then start mcpr again"
    );

    public static readonly ProxyError TunnelBroke = new(
        3201,
        502,
        "Connection to the connector broke during the request",
        "the MCP server may have acted on it; repeat it only where that is safe"
    );

    public static readonly ProxyError ConnectorSilent = new(
        3202,
        504,
        "Connector did not answer in time",
        "the tunnel is up but gave no answer within the relay's limit; look at the connector's terminal"
    );

    public static readonly ProxyError NodeBroke = new(
        3203,
        502,
        "Connection between two relays broke during the request",
        "the MCP server may have acted on it; repeat it only where that is safe"
    );
}
