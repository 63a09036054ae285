using Tunnel.ProxyCore.Transport;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tests.Identity;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Tests.Tunnels;

/// <summary>Sessions and data connections for tests that care about little of them.</summary>
internal static class Sessions
{
    public static TunnelSession Create(string name = "otter", long generation = 1, int maxDataConnections = 8) =>
        new(Terms(name, generation) with { MaxDataConnections = maxDataConnections });

    public static SessionTerms Terms(string name = "otter", long generation = 1) =>
        new()
        {
            Name = name,
            Owner = Identities.Owner(),
            Generation = generation,
            Floor = generation,
            Project = "project",
            ControlConnectionId = $"control-{generation}",
            MaxDataConnections = 8,
        };

    /// <summary>A connection that was probed.</summary>
    public static DataConnection Connection()
    {
        var connection = UnprobedConnection();
        connection.MarkReady();
        return connection;
    }

    public static DataConnection UnprobedConnection() => new(new WebSocketByteStream(new SilentWebSocket()), new RelayOptions());

    /// <summary>A session with one connection and as many exchanges under way as asked for.</summary>
    public static (TunnelSession Session, DataConnection Connection) WithConnection(
        string name = "otter",
        long generation = 1,
        int inFlight = 0
    )
    {
        var session = Create(name, generation);
        var connection = Connection();
        session.TryAdd(connection);
        for (var count = 0; count < inFlight; count++)
        {
            session.Rent();
        }

        return (session, connection);
    }
}
