namespace Tunnel.Relay.Tunnels;

/// <summary>How opening a session in its group ended.</summary>
internal enum OpenOutcome
{
    Opened,

    /// <summary>A newer generation is there; this session never carries anything.</summary>
    Outdated,

    /// <summary>The group ended between being found and being used; there is a new one to try.</summary>
    Forgotten,
}
