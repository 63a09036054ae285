namespace Tunnel.ProxyCore.Errors;

// Failures that are about the request itself, and how many of them.
public static partial class ErrorCatalog
{
    public static readonly ProxyError BadRequest = new(
        1001,
        400,
        "Request is not valid HTTP",
        "a header or the request line breaks RFC 9110 or RFC 9112; the detail says which"
    );

    public static readonly ProxyError MethodNotTunnelled = new(
        1002,
        405,
        "Method cannot be tunnelled",
        "CONNECT asks for a proxy; this is a server, use any other method"
    );

    public static readonly ProxyError NothingHere = new(
        1003,
        404,
        "Nothing is served under this path",
        "this is the relay itself; MCP servers are one label below it"
    );

    public static readonly ProxyError ForeignCaller = new(
        1004,
        403,
        "Host or Origin is not allowed here",
        "call localhost or 127.0.0.1, or start mcpr with --allow-host and the name"
    );

    public static readonly ProxyError OriginNotListed = new(
        1005,
        403,
        "Pages of this origin may not call",
        "whoever runs the server can add the origin to cors.origins"
    );

    public static readonly ProxyError UnknownServer = new(
        1006,
        404,
        "No MCP server has this path",
        "the first part of the path is the name of a server, as in /NAME/mcp; the detail has the names"
    );

    public static readonly ProxyError SessionLost = new(
        1007,
        404,
        "Session is gone with the server that held it",
        "initialize again; clients do that by themselves"
    );

    public static readonly ProxyError NotOffered = new(
        1008,
        200,
        "Unknown tool, prompt or resource",
        "it is not offered here; the list has what is"
    )
    {
        // Invalid params: what MCP servers say of a name that they do not know.
        JsonRpcCode = -32602,
    };

    public static readonly ProxyError NotCheckable = new(
        1009,
        400,
        "Message cannot be checked against the rules of this server",
        "send plain JSON-RPC as application/json, no longer than limits.inspected_body"
    );

    public static readonly ProxyError TlsRequired = new(
        1010,
        426,
        "This relay serves HTTPS only",
        "begin the URL with https://; what was sent has travelled unprotected, so renew a secret that was in it"
    );

    public static readonly ProxyError TooManyFromAddress = new(
        1201,
        429,
        "Too many requests from this address",
        "wait a moment, then go on more slowly; the operator of the relay can raise request-rate-per-address",
        RetryAfterSeconds: 1
    );

    public static readonly ProxyError TooManyAtOnce = new(
        1202,
        429,
        "Too many requests at once from this address",
        "wait for running requests to finish; event streams count too",
        RetryAfterSeconds: 1
    );

    public static readonly ProxyError TooManyForTunnel = new(
        1203,
        429,
        "Too many requests for this tunnel",
        "wait a moment, then try again; the operator of the relay can raise request-rate-per-tunnel",
        RetryAfterSeconds: 1
    );
}
