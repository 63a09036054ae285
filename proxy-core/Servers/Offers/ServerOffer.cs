namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>What of a server callers get to see.</summary>
internal sealed class ServerOffer(McpServerOptions options)
{
    public NameRules Tools { get; } = new(options.Tools);

    public NameRules Prompts { get; } = new(options.Prompts);

    public NameRules Resources { get; } = new(options.Resources);

    /// <summary>Whether that is not simply everything.</summary>
    public bool HasRules => !Tools.AreNone || !Prompts.AreNone || !Resources.AreNone;
}
