namespace Tunnel.Connector.Identity;

/// <summary>What this user shows a relay: the token of the environment, else the one of <c>mcpr login</c>, else the anonymous identity.</summary>
internal static class RelayCredential
{
    /// <exception cref="IdentityException">One of them cannot be used as it is.</exception>
    public static string For(Uri relay, AnonymousIdentity identity) =>
        AccountToken.FromEnvironment() ?? new SavedTokens(UserFolders.Configuration()).Find(relay) ?? identity.CredentialFor(relay);
}
