using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>Gets told how the tunnel fares, in the order in which it happens.</summary>
internal interface ITunnelObserver
{
    /// <summary>The tunnel carries requests, for the first time or again.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="relay">Where the relay was reached.</param>
    void Up(OpenedTunnel tunnel, Uri relay);

    /// <summary>The tunnel that was up is lost; it is being opened again.</summary>
    void Lost();

    /// <summary>An attempt failed; the next one comes after <paramref name="delay"/>.</summary>
    void Retrying(string reason, TimeSpan delay);

    /// <summary>The tunnel is open, but the relay does not use the connections that were dialled for it.</summary>
    void Unused();

    /// <summary>The relay has something to say.</summary>
    void Noticed(string text);
}
