using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// Metadata documents speak of the caller's origin where they spoke of the server's own, and so does what registration and device
/// endpoints answer. Clients refuse a document that names another resource or issuer than the one they asked.
/// </summary>
internal sealed class OAuthDocumentRule(OAuthPaths paths, ResourceNames resources) : IResponseRule
{
    /// <summary>Far longer than such documents are.</summary>
    private const int MaxDocument = 1 << 20;

    private readonly OAuthUrlEditor _document = new(paths, resources, isDocument: true);
    private readonly OAuthUrlEditor _answer = new(paths, resources, isDocument: false);

    public bool MayApply(ExchangeScope exchange) => paths.IsDocument(exchange.Path) || paths.IsEndpoint(exchange.Path);

    public IBodyRewriter? Begin(ExchangeScope exchange)
    {
        var response = exchange.Context.Response;
        if (response.StatusCode is < 200 or > 299 || !IsJson(response.ContentType))
        {
            return null;
        }

        var editor = paths.IsDocument(exchange.Path) ? _document : _answer;
        return new JsonBodyRewriter(new MessageEditor([editor], exchange), MaxDocument);
    }

    /// <summary><c>application/json</c>, <c>application/json; charset=utf-8</c>, <c>application/x+json</c></summary>
    private static bool IsJson(string? contentType)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }
}
