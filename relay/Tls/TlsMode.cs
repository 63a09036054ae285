namespace Tunnel.Relay.Tls;

/// <summary>Where the relay's certificate comes from.</summary>
internal enum TlsMode
{
    /// <summary>The relay speaks plain HTTP; something in front of it may speak TLS.</summary>
    Off,

    /// <summary>PEM files that somebody else keeps fresh.</summary>
    Files,

    /// <summary>A certification authority of this relay alone, for machines that are told to trust it.</summary>
    Dev,

    /// <summary>A certification authority that speaks ACME, by way of lego and the DNS-01 challenge.</summary>
    Acme,
}
