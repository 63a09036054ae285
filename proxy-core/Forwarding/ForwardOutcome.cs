namespace Tunnel.ProxyCore.Forwarding;

/// <summary>How forwarding one exchange ended.</summary>
public enum ForwardOutcome
{
    /// <summary>The response went through to its end.</summary>
    Completed,

    /// <summary>The caller went away; the next hop was told to stop.</summary>
    CallerLeft,

    /// <summary>The caller's own request body was broken; nothing was answered yet.</summary>
    CallerBroke,

    /// <summary>No connection to the next hop: nothing of the request was sent, or nothing of its body before the connection was lost.</summary>
    NotConnected,

    /// <summary>The next hop did not send response headers within the limit; nothing was answered yet.</summary>
    TimedOut,

    /// <summary>The next hop broke off before response headers, or they were not valid HTTP; nothing was answered yet.</summary>
    Broke,

    /// <summary>The response broke off in the middle; the caller's was aborted so that it cannot be taken for complete.</summary>
    Aborted,
}
