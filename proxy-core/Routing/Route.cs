using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Routing;

/// <summary>Where a request goes, and what it asks for there.</summary>
/// <param name="Server">The MCP server that answers; null where widgets do, or nobody.</param>
/// <param name="IsToWidgets">Whether the dev server or the folder answers that widgets come from.</param>
/// <param name="Target">The request target in origin form, as the one who answers knows it.</param>
internal readonly record struct Route(McpServer? Server, bool IsToWidgets, string Target);
