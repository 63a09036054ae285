using System.Net;
using Tunnel.Relay.Limits;

namespace Tunnel.Relay.Team.Access;

/// <summary>How often somebody may try to sign in. Tokens cannot be guessed; this keeps the log readable of those who try.</summary>
internal sealed class LoginLimit(TimeProvider time)
{
    /// <summary>Attempts of one address in <see cref="Period"/>.</summary>
    public const int Attempts = 10;

    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly RateLimit _addresses = new(Attempts, Period, time);

    public bool TryEnter(IPAddress? address) => AddressKey.Of(address) is not { } key || _addresses.TryTake(key);
}
