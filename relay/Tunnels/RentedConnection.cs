namespace Tunnel.Relay.Tunnels;

/// <summary>A data connection taken for one exchange, with the session that wants it back.</summary>
internal readonly record struct RentedConnection(TunnelSession Session, DataConnection Connection)
{
    public void Return() => Session.Return(Connection);
}
