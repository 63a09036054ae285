namespace Tunnel.ProxyCore.Contract;

/// <summary>Names, versions and timings that relay and connector share. The text for people is docs/protocol.md.</summary>
public static class TunnelProtocol
{
    /// <summary>The version that this build speaks.</summary>
    public const int Version = 1;

    /// <summary>The oldest version that this build still understands.</summary>
    public const int OldestSupportedVersion = 1;

    /// <summary>The hub of the control plane, on the relay's own host only.</summary>
    public const string ControlPath = "/_mcpr/control";

    /// <summary>Where data connections are dialled, on the relay's own host only.</summary>
    public const string DataPath = "/_mcpr/data";

    /// <summary>The names of whoever asks, on the relay's own host only.</summary>
    public const string NamesPath = "/_mcpr/names";

    /// <summary>The domains of whoever asks, on the relay's own host only.</summary>
    public const string DomainsPath = "/_mcpr/domains";

    /// <summary>Who is asking, on the relay's own host only.</summary>
    public const string AccountPath = "/_mcpr/account";

    /// <summary>The WebSocket subprotocol of a data connection: HTTP/2 with prior knowledge (RFC 9113 section 3.3), connector as server.</summary>
    public const string DataSubprotocol = "mcpr.h2.v1";

    /// <summary>Authority of the relay's own request on a fresh data connection; no public host can be called so (RFC 6761 section 6.4).</summary>
    public const string ProbeAuthority = "probe.invalid";

    /// <summary>Both sides of both planes ping this often.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer to a ping may take.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A side that hears nothing for this long takes the connection for dead.</summary>
    public static readonly TimeSpan DeadAfter = PingInterval + PingTimeout;
}
