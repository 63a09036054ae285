using Tunnel.ProxyCore.Tls;

namespace Tunnel.Relay.Tls;

/// <summary>Knows the certificates of the moment. Asked at every handshake.</summary>
internal interface ICertificateSource
{
    /// <summary>The one for the relay's domain and the names below it. Null as long as there is none yet.</summary>
    ServedCertificate? Current { get; }

    /// <summary>The one for a domain that its owner has proved, in lower case. Null as long as there is none.</summary>
    ServedCertificate? Of(string domain);

    /// <summary>Why there is no certificate for such a domain, as its owner may read it; null where there is one, or nothing to say.</summary>
    string? FindProblem(string domain);
}
