namespace Tunnel.ProxyCore.Errors;

// Failures that are about who calls, and with which credential.
public static partial class ErrorCatalog
{
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
}
