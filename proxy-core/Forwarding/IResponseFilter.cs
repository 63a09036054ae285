using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>Stands between the next hop's response and the caller, for exchanges in which something may have to change.</summary>
public interface IResponseFilter
{
    /// <summary>The request is ready to go to the next hop.</summary>
    void Prepare(HttpRequestMessage request);

    /// <summary>
    /// The response's headers are copied to <paramref name="context"/> and not sent. The body that the caller gets is the content of
    /// <paramref name="response"/>, which may be replaced.
    /// </summary>
    ValueTask ApplyAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken);
}
