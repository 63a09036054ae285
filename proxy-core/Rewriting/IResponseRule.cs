namespace Tunnel.ProxyCore.Rewriting;

/// <summary>A reason to change responses. Rules are asked in the order of their registration, and each gets what the one before it has written.</summary>
internal interface IResponseRule
{
    /// <summary>
    /// Asked before the request goes out. Where any rule says yes the server is asked for an unencoded, whole body, so a rule that can
    /// already tell that it has nothing to do says no.
    /// </summary>
    bool MayApply(ExchangeScope exchange);

    /// <summary>
    /// Status and headers of the response are there, and nothing of it has been sent: headers may be changed now.
    /// Length, encoding and digests are taken care of.
    /// </summary>
    /// <returns>What changes the body, or null when it stays as it is.</returns>
    IBodyRewriter? Begin(ExchangeScope exchange);
}
