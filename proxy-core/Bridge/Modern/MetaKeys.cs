namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>Names of the revision 2026-07-28.</summary>
internal static class MetaKeys
{
    public const string Prefix = "io.modelcontextprotocol/";

    public static ReadOnlySpan<byte> ProtocolVersion => "io.modelcontextprotocol/protocolVersion"u8;

    public static ReadOnlySpan<byte> ClientCapabilities => "io.modelcontextprotocol/clientCapabilities"u8;

    public static ReadOnlySpan<byte> ClientInfo => "io.modelcontextprotocol/clientInfo"u8;

    public static ReadOnlySpan<byte> LogLevel => "io.modelcontextprotocol/logLevel"u8;

    public static ReadOnlySpan<byte> SubscriptionId => "io.modelcontextprotocol/subscriptionId"u8;

    public static ReadOnlySpan<byte> ServerInfo => "io.modelcontextprotocol/serverInfo"u8;
}
