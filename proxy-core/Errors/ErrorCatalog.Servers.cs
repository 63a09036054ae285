namespace Tunnel.ProxyCore.Errors;

// Failures that are about MCP servers, by the network and as programs.
public static partial class ErrorCatalog
{
    public static readonly ProxyError UpstreamUnreachable = new(
        4101,
        502,
        "MCP server is not reachable from the connector",
        "start the server, or pass --mcp with the port it listens on",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError ServerNotStarted = new(
        4102,
        502,
        "MCP server's process cannot be started",
        "run its command by hand; mcpr's log says what went wrong"
    );

    public static readonly ProxyError RemoteUnreachable = new(
        4103,
        502,
        "MCP server's URL is not reachable",
        "check the URL and the network; the detail has what the system said",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError LoginFailed = new(
        4104,
        502,
        "MCP server wants a login, and it did not work",
        "the detail says why; the URL to open is on mcpr's standard error"
    );

    public static readonly ProxyError OwnFault = new(
        4105,
        502,
        "Request failed inside mcpr",
        "that is a fault of mcpr; its log on standard error has what happened, please report it"
    );

    public static readonly ProxyError UpstreamTimeout = new(
        5101,
        504,
        "MCP server did not answer in time",
        "let long tools report progress, or raise --upstream-timeout, or --call-timeout for programs"
    );

    public static readonly ProxyError UpstreamInvalid = new(
        5102,
        502,
        "MCP server broke off or sent an invalid response",
        "look at the server's own log for this moment"
    );

    public static readonly ProxyError ServerEnded = new(
        5103,
        502,
        "MCP server's process ended during the request",
        "look at its last lines in mcpr's log; the next request starts it again"
    );

    public static readonly ProxyError ServerBusy = new(
        5104,
        503,
        "All processes of the MCP server are busy",
        "try again in a moment; whoever runs the server can raise stdio.max_sessions",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError RemoteRefused = new(
        5105,
        502,
        "MCP server refused the request",
        "the detail has its status; check the URL, and headers or tokens that it wants"
    );
}
