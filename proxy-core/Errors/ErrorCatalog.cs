using System.Collections.Immutable;
using System.Reflection;

namespace Tunnel.ProxyCore.Errors;

/// <summary>
/// The only place that knows code, status, title and hint of a failure. E1 request, E2 edge, E3 tunnel, E4 connector, E5 MCP server, E6 widgets, E7 identity.
/// Numbers are never used again for something else. docs/errors.md mirrors this list and a test compares them.
/// MCP clients give 400, 404 and 405 a meaning of their own, so what we say about a tunnel or a server is 502, 503 or 504.
/// </summary>
public static class ErrorCatalog
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

    public static readonly ProxyError NodeBroke = new(
        3203,
        502,
        "Connection between two relays broke during the request",
        "the MCP server may have acted on it; repeat it only where that is safe"
    );

    public static readonly ProxyError ConnectorSilent = new(
        3202,
        504,
        "Connector did not answer in time",
        "the tunnel is up but gave no answer within the relay's limit; look at the connector's terminal"
    );

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

    public static readonly ProxyError RemoteRefused = new(
        5105,
        502,
        "MCP server refused the request",
        "the detail has its status; check the URL, and headers or tokens that it wants"
    );

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

    public static readonly ProxyError ServerBusy = new(
        5104,
        503,
        "All processes of the MCP server are busy",
        "try again in a moment; whoever runs the server can raise stdio.max_sessions",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError BadCredential = new(
        7101,
        401,
        "Credential was refused",
        "check MCPR_TOKEN or log in again with mcpr login; ask the operator of the relay for a token if you have none"
    );

    public static readonly ProxyError AnonymousRefused = new(
        7102,
        401,
        "This relay wants a token",
        "ask its operator for one, then mcpr login, or set MCPR_TOKEN"
    );

    public static readonly ProxyError TicketRefused = new(
        7103,
        401,
        "Ticket of the data connection was refused",
        "it is used up or too old; the connector asks for another by itself"
    );

    public static readonly ProxyError CredentialEnded = new(
        7104,
        401,
        "Credential is not valid any longer",
        "the token was revoked or has expired; ask the operator of the relay for a new one"
    );

    public static readonly ProxyError VerifierUnavailable = new(
        7105,
        503,
        "Relay cannot check credentials right now",
        "tunnels that are open go on; the connector tries again by itself",
        RetryAfterSeconds: 5
    );

    public static readonly ProxyError NotOfThisCluster = new(
        7106,
        403,
        "Only relays of this cluster may call here",
        "give all of them the same --cluster-key-file; visitors and connectors use --listen"
    );

    public static readonly ProxyError ApiKeyRefused = new(
        7201,
        401,
        "API key is missing or wrong",
        "send it as X-API-Key or as a bearer token; whoever runs the server has it"
    );

    public static readonly ProxyError AddressNotListed = new(
        7202,
        403,
        "Callers from this address are not allowed",
        "whoever runs the server can add the address to allow_ip"
    );

    public static readonly ProxyError NameOwnedByAnother = new(
        7301,
        409,
        "Name belongs to somebody else",
        "pick another with --name, or leave --name out to keep your own"
    );

    public static readonly ProxyError NameNotValid = new(
        7302,
        400,
        "Name is not allowed",
        "3 to 63 of a-z 0-9 -, no hyphen first or last, no xn--, and not one of the names kept for the relay"
    );

    public static readonly ProxyError NameNotForToken = new(
        7303,
        403,
        "Token does not allow this name",
        "mcpr whoami tells which names it allows; pick one of them with --name"
    );

    public static readonly ProxyError NameBanned = new(
        7304,
        403,
        "Name is banned on this relay",
        "pick another with --name, or ask the operator of the relay why"
    );

    public static readonly ProxyError TooManyNames = new(
        7305,
        409,
        "You have as many names as you may have",
        "see mcpr names list, and give one up with mcpr names release"
    );

    public static readonly ProxyError NoFreeName = new(7306, 409, "No name is free", "pick one yourself with --name");

    public static readonly ProxyError NameNotOwned = new(
        7307,
        404,
        "Name is not yours",
        "mcpr names list tells which are; a name that you never had needs no release"
    );

    public static readonly ProxyError NameGivenUp = new(
        7308,
        409,
        "Name was given up while its tunnel was open",
        "somebody with your credential released it; start mcpr again to have it back, if nobody else took it"
    );

    public static readonly ProxyError DomainNotValid = new(
        7309,
        400,
        "Domain cannot be used",
        "a public host name such as mcp.example.com, in ASCII (xn--), and neither the relay's own nor below it"
    );

    public static readonly ProxyError DomainNotOwned = new(
        7310,
        404,
        "You have no such domain",
        "mcpr names list-domains tells which you have; mcpr names add-domain adds one"
    );

    public static readonly ProxyError DomainsNeedToken = new(
        7311,
        403,
        "Domains need a token",
        "ask the operator of the relay for one, and keep it with mcpr login"
    );

    public static readonly ProxyError TooManyOwnDomains = new(
        7312,
        409,
        "You have as many domains as you may have",
        "see mcpr names list-domains, and give one up with mcpr names remove-domain"
    );

    public static readonly ProxyError TooManyDomains = new(
        7313,
        503,
        "Relay has no room for another domain",
        "the operator can raise max-domains"
    );

    public static readonly ProxyError ConnectorTooOld = new(
        7401,
        426,
        "Connector is too old for this relay",
        "update mcpr and start it again"
    );

    public static readonly ProxyError RelayTooOld = new(
        7402,
        426,
        "Relay is too old for this connector",
        "ask the operator to update the relay, or use an older mcpr"
    );

    public static readonly ProxyError StoreUnavailable = new(
        7501,
        503,
        "Relay cannot look up names right now",
        "tunnels that are open go on; the connector tries again by itself",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError TooManyTunnels = new(
        7502,
        503,
        "Relay has no room for another tunnel",
        "the connector tries again by itself; the operator can raise max-tunnels",
        RetryAfterSeconds: 5
    );

    public static readonly ProxyError TooManyOwnTunnels = new(
        7504,
        503,
        "You have as many tunnels open as you may have",
        "stop another one; the connector tries again by itself",
        RetryAfterSeconds: 5
    );

    public static readonly ProxyError RelayStopping = new(
        7503,
        503,
        "Relay is shutting down",
        "the connector tries again by itself until a relay is there",
        RetryAfterSeconds: 2
    );

    /// <summary>All of the above, by number.</summary>
    public static readonly ProxyError TooManyOpenings = new(
        7505,
        429,
        "Too many tunnels are opened in a short time",
        "the connector tries again by itself; the operator can raise tunnels-per-minute",
        RetryAfterSeconds: 5
    );

    public static readonly ImmutableArray<ProxyError> All =
    [
        .. typeof(ErrorCatalog)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(ProxyError))
            .Select(field => (ProxyError)field.GetValue(null)!)
            .OrderBy(error => error.Number),
    ];
}
