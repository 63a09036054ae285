namespace Tunnel.Connector.Cli.Csp;

/// <summary>An MCP server did not give what it was asked for.</summary>
/// <param name="message">What happened, for people.</param>
/// <param name="isAnswer">Whether it answered at all.</param>
internal sealed class McpReaderException(string message, bool isAnswer) : Exception(message)
{
    public bool IsAnswer { get; } = isAnswer;
}
