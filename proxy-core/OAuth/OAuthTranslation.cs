using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// Lets caller and server each speak of the server by the name that they know. What is in bodies of responses is <see cref="OAuthDocumentRule"/>'s;
/// this is the rest.
/// </summary>
internal sealed class OAuthTranslation(ResourceParameter resource, OAuthHeaders headers)
{
    /// <summary>Makes an exchange ready to be sent on.</summary>
    /// <param name="exchange">A request that has not been sent on.</param>
    /// <param name="target">What the server is to be asked for, in origin form.</param>
    /// <returns>What to ask for instead.</returns>
    /// <exception cref="IOException">The caller went away or broke the framing of its body.</exception>
    /// <exception cref="OperationCanceledException">The caller sent nothing for too long.</exception>
    public ValueTask<string> PrepareAsync(ExchangeScope exchange, string target)
    {
        headers.Attach(exchange);
        return resource.LocalizeAsync(exchange, target);
    }
}
