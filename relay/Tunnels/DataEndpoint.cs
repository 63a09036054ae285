using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Transport;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Limits;

namespace Tunnel.Relay.Tunnels;

/// <summary>Where connectors dial their data connections: ticket in the Authorization header, HTTP/2 inside.</summary>
internal sealed partial class DataEndpoint(
    DataTickets tickets,
    TunnelRegistry tunnels,
    IOptions<RelayOptions> options,
    IHostApplicationLifetime lifetime,
    RelayMetrics metrics,
    ILogger<DataEndpoint> logger
)
{
    private const string Scheme = "Bearer ";

    public async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await ErrorResponse.WriteAsync(context, ErrorCatalog.BadRequest, ErrorSource.Edge, detail: "this is a WebSocket endpoint");
            return;
        }

        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(TunnelProtocol.DataSubprotocol))
        {
            await ErrorResponse.WriteAsync(context, ErrorCatalog.ConnectorTooOld, ErrorSource.Edge);
            return;
        }

        var header = context.Request.Headers.Authorization.ToString();
        var session = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? tickets.Redeem(header[Scheme.Length..]) : null;
        if (session is null)
        {
            await ErrorResponse.WriteAsync(context, ErrorCatalog.TicketRefused, ErrorSource.Edge);
            return;
        }

        context.Features.Get<ConnectionShare>()?.GiveBack();
        await ServeAsync(context, session);
    }

    private async Task ServeAsync(HttpContext context, TunnelSession session)
    {
        // Nothing that limits a request may limit the tunnel that carries them all.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
        {
            bodySize.MaxRequestBodySize = null;
        }

        using var webSocket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext
            {
                SubProtocol = TunnelProtocol.DataSubprotocol,
                // HTTP/2 pings from both sides already tell a dead connection.
                KeepAliveInterval = Timeout.InfiniteTimeSpan,
            }
        );
        await using var stream = new WebSocketByteStream(webSocket);
        using var connection = new DataConnection(stream, options.Value);
        if (!session.TryAdd(connection))
        {
            return;
        }

        try
        {
            if (await connection.ProbeAsync(lifetime.ApplicationStopping))
            {
                connection.MarkReady();
                tunnels.ConnectionReady(session);
                Log.Up(logger, session.Name, session.Generation, session.DataConnections);
                await connection.Closed;
                metrics.ConnectionLost();
                Log.Lost(logger, session.Name, session.Generation, session.DataConnections - 1);
            }
            else
            {
                Log.Silent(logger, session.Name, session.Generation);
            }
        }
        finally
        {
            session.Remove(connection);
            tunnels.ConnectionLost(session);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1005,
            LogLevel.Information,
            "data connection up name={Name} generation={Generation} connections={Connections}",
            EventName = "DataConnectionUp"
        )]
        public static partial void Up(ILogger logger, string name, long generation, int connections);

        [LoggerMessage(
            1007,
            LogLevel.Information,
            "data connection lost name={Name} generation={Generation} connections={Connections}",
            EventName = "DataConnectionLost"
        )]
        public static partial void Lost(ILogger logger, string name, long generation, int connections);

        [LoggerMessage(
            1006,
            LogLevel.Warning,
            "connector does not answer on its data connection name={Name} generation={Generation}",
            EventName = "DataConnectionSilent"
        )]
        public static partial void Silent(ILogger logger, string name, long generation);
    }
}
