using Tunnel.Connector.Tunneling;

namespace Tunnel.Connector.Cloud;

/// <summary>Where events are sent, and as whom.</summary>
/// <param name="Url">The origin of the team's dashboard.</param>
/// <param name="Server">What this mcpr is called in the project.</param>
/// <param name="Token">The credential.</param>
/// <param name="Trust">Whose certificate the relay has to have.</param>
/// <param name="Folder">Where events wait.</param>
/// <param name="MaxBytes">How much of them.</param>
internal sealed record CloudSettings(Uri Url, string Server, CloudToken Token, RelayTrust Trust, string Folder, long MaxBytes);
