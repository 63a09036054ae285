using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>A filter that also tells when the headers of the response are there.</summary>
internal sealed class HeadersWatch(IResponseFilter inner, Action onHeaders) : IResponseFilter
{
    public void Prepare(HttpRequestMessage request) => inner.Prepare(request);

    public ValueTask ApplyAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        onHeaders();
        return inner.ApplyAsync(context, response, cancellationToken);
    }
}
