namespace Tunnel.Relay.Team.Alerts;

/// <summary>What the calls of a window say.</summary>
/// <param name="Calls">How many there were.</param>
/// <param name="Value">The metric over them; null without calls.</param>
internal sealed record AlertReading(long Calls, double? Value)
{
    public static readonly AlertReading Nothing = new(0, null);
}
