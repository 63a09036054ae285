namespace Tunnel.ProxyCore.Events;

/// <summary>Gets every event when it happens. Called on the request's own thread: implementations hand over and return.</summary>
public interface IEventSink
{
    /// <param name="id">Made once (UUID version 7): whoever keeps events knows by it which one it has already.</param>
    /// <param name="mcpEvent">What happened.</param>
    void Write(Guid id, McpEvent mcpEvent);
}
