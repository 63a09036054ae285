namespace Tunnel.Relay.Tunnels;

/// <summary>How waiting for a connector ended.</summary>
internal enum HoldOutcome
{
    /// <summary>It is back.</summary>
    Released,

    /// <summary>It did not come back in time.</summary>
    Expired,

    /// <summary>It had been away for too long before the request came; nothing waited.</summary>
    TooLate,

    /// <summary>Too many wait already.</summary>
    Refused,

    CallerLeft,
}
