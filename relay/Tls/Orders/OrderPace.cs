namespace Tunnel.Relay.Tls.Orders;

/// <summary>
/// How many orders for domains of owners may begin. Owners could take domains on and off all day, and use up what the authority allows one
/// account; nothing would be left for the relay's own certificate, which does not count here.
/// </summary>
internal static class OrderPace
{
    /// <summary>Let's Encrypt allows an account 300 in <see cref="Period"/>.</summary>
    public const int Max = 200;

    public static readonly TimeSpan Period = TimeSpan.FromHours(3);
}
