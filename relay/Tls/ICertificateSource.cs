using Tunnel.ProxyCore.Tls;

namespace Tunnel.Relay.Tls;

/// <summary>Knows the certificate of the moment.</summary>
internal interface ICertificateSource
{
    /// <summary>Asked at every handshake. Null as long as there is none yet.</summary>
    ServedCertificate? Current { get; }
}
