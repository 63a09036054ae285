using System.Globalization;

namespace Tunnel.Relay.Cluster;

/// <summary>What a relay says of itself to the others.</summary>
/// <param name="Address">Where other relays dial it.</param>
/// <param name="Url">Where connectors reach it; null where they cannot, or where they should not come any more.</param>
/// <param name="Load">Its open tunnels.</param>
internal sealed record NodeState(string Address, string? Url, int Load)
{
    /// <param name="address">The address.</param>
    /// <param name="says"><c>120 https://node-7.tunnel.example.com</c>, or <c>120</c>; empty where nothing is known.</param>
    public static NodeState Parse(string address, string says)
    {
        var parts = says.Split(' ', 2);
        return new NodeState(
            address,
            parts.Length == 2 ? parts[1] : null,
            int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var load) ? load : 0
        );
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Load} {Url}").TrimEnd();
}
