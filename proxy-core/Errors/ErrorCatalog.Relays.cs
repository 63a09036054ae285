namespace Tunnel.ProxyCore.Errors;

// Failures that are about versions, and what a relay cannot do now.
public static partial class ErrorCatalog
{
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

    public static readonly ProxyError RelayStopping = new(
        7503,
        503,
        "Relay is shutting down",
        "the connector tries again by itself until a relay is there",
        RetryAfterSeconds: 2
    );

    public static readonly ProxyError TooManyOwnTunnels = new(
        7504,
        503,
        "You have as many tunnels open as you may have",
        "stop another one; the connector tries again by itself",
        RetryAfterSeconds: 5
    );

    public static readonly ProxyError TooManyOpenings = new(
        7505,
        429,
        "Too many tunnels are opened in a short time",
        "the connector tries again by itself; the operator can raise tunnels-per-minute",
        RetryAfterSeconds: 5
    );
}
