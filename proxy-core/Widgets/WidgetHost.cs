using Tunnel.ProxyCore.Clients;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>The hosts of widgets that want something of their own.</summary>
internal enum WidgetHost
{
    /// <summary>Gets what all of them accept.</summary>
    Other,

    ChatGpt,

    Claude,
}

internal static class WidgetHosts
{
    public static WidgetHost Of(ClientIdentity? client) =>
        client?.Name switch
        {
            "ChatGPT" => WidgetHost.ChatGpt,
            "Claude" or "Claude Code" => WidgetHost.Claude,
            _ => WidgetHost.Other,
        };
}
