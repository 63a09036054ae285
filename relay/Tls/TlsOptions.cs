namespace Tunnel.Relay.Tls;

/// <summary>How the relay speaks TLS.</summary>
internal sealed class TlsOptions
{
    /// <summary>Where the certificate comes from. Default off.</summary>
    public TlsMode Mode { get; set; }

    /// <summary>The certificate for the domain and the names below it, with its chain, as PEM. Only with files.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Its key, as PEM without a password. Only with files.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A folder of folders with certificates for domains of owners. Only with files.</summary>
    public string? DomainsFolder { get; set; }

    /// <summary>How long browsers shall use nothing but https; zero for not saying so. Default a year, with dev not at all.</summary>
    public TimeSpan? StrictTransport { get; set; }

    public AcmeOptions Acme { get; } = new();

    public bool IsOn => Mode != TlsMode.Off;

    // A promise for a year is nothing for names that a machine may use otherwise tomorrow.
    public TimeSpan StrictTransportOrDefault => StrictTransport ?? (Mode == TlsMode.Dev ? TimeSpan.Zero : TimeSpan.FromDays(365));
}
