namespace Tunnel.ProxyCore.Events;

/// <summary>Gets every event when it happens. Called on the request's own thread: implementations hand over and return.</summary>
public interface IEventSink
{
    void Write(McpEvent mcpEvent);
}
