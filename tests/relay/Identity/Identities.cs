using Tunnel.Relay.Identity;

namespace Tunnel.Relay.Tests.Identity;

/// <summary>Identities for tests that care about little of them.</summary>
internal static class Identities
{
    public static ConnectorIdentity Owner(string id = "owner") =>
        Of(Credential.Parse("mcpra_" + new string('A', 43))!) with
        {
            OwnerId = id,
        };

    public static ConnectorIdentity Of(Credential credential) =>
        new()
        {
            OwnerId = "owner",
            Credential = credential,
            MaxTunnels = 10,
            MaxNames = 10,
        };
}
