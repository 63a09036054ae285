namespace Tunnel.Relay.Tls;

/// <summary>TLS cannot be had as it is set up; <see cref="Hint"/> says what to do.</summary>
internal sealed class TlsSetupException(string message, string hint) : Exception(message)
{
    public string Hint { get; } = hint;
}
