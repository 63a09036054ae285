namespace Tunnel.ProxyCore.Errors;

/// <summary>Who made an error answer, so that it cannot be mistaken for the MCP server's own.</summary>
public enum ErrorSource
{
    /// <summary>The relay.</summary>
    Edge,

    /// <summary>The mcpr process next to the MCP server.</summary>
    Connector,
}
