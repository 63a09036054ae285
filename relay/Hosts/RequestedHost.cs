namespace Tunnel.Relay.Hosts;

/// <summary>Whom a request is for: the relay itself, a tunnel by its name, or nobody here.</summary>
internal readonly record struct RequestedHost(bool IsRelay, string? TunnelName)
{
    public static RequestedHost Relay { get; } = new(IsRelay: true, TunnelName: null);

    public static RequestedHost Foreign { get; } = new(IsRelay: false, TunnelName: null);

    public static RequestedHost Tunnel(string name) => new(IsRelay: false, name);
}
