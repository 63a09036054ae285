using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Exchanges;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>How an application hears what goes through its proxy.</summary>
public static class EventSinkServiceCollectionExtensions
{
    /// <summary>Calls this with every event: tool calls, sessions, other requests. It runs on the request's thread and should return at once.</summary>
    public static IServiceCollection AddMcpEventSink(this IServiceCollection services, Action<McpEvent> onEvent) =>
        services.AddSingleton<IEventSink>(new DelegateSink(onEvent));

    /// <summary>Adds a sink that is made by the container and lives as long as it.</summary>
    public static IServiceCollection AddMcpEventSink<TSink>(this IServiceCollection services)
        where TSink : class, IEventSink => services.AddSingleton<IEventSink, TSink>();

    /// <summary>Adds a sink of finished exchanges with their full times and outcomes, from which most events are made.</summary>
    public static IServiceCollection AddMcpExchangeSink<TSink>(this IServiceCollection services)
        where TSink : class, IExchangeSink => services.AddSingleton<IExchangeSink, TSink>();

    private sealed class DelegateSink(Action<McpEvent> onEvent) : IEventSink
    {
        public void Write(Guid id, McpEvent mcpEvent) => onEvent(mcpEvent);
    }
}
