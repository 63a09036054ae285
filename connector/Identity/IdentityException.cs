namespace Tunnel.Connector.Identity;

/// <summary>The identity cannot be used as it is; <see cref="Hint"/> says what to do.</summary>
internal sealed class IdentityException(string message, string hint) : Exception(message)
{
    public string Hint { get; } = hint;
}
