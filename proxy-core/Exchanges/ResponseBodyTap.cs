using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>A response body on its way to the caller: counted, and watched for the failure that the status code does not show.</summary>
internal sealed class ResponseBodyTap : ResponseBodyFilter
{
    private readonly HttpResponse _response;
    private ResponseScanner? _scanner;
    private bool _looked;

    private ResponseBodyTap(HttpResponse response, IHttpResponseBodyFeature inner)
        : base(inner)
    {
        _response = response;
    }

    /// <summary>Bytes handed to the caller's connection so far.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>How the JSON-RPC exchange ended as far as the body told, or null where it could not be read.</summary>
    public JsonRpcOutcome? Outcome => _scanner?.Outcome;

    /// <summary>How each request of a batch ended, by its id as JSON text.</summary>
    public IReadOnlyDictionary<string, JsonRpcOutcome>? OutcomesById => _scanner?.OutcomesById;

    /// <summary>Whether the request is a batch, whose answers are told apart. Set before the first byte of the response.</summary>
    public bool AnswersBatch { get; set; }

    /// <summary>Gets a copy of what goes by, if somebody wants one.</summary>
    public BodyCopy? Copy { get; set; }

    /// <summary>Puts a tap on the response of an exchange.</summary>
    public static ResponseBodyTap Attach(HttpContext context)
    {
        var tap = new ResponseBodyTap(context.Response, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(tap);
        return tap;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BytesWritten += buffer.Length;
        Copy?.Append(buffer.Span);
        if (!_looked)
        {
            _looked = true;
            _scanner = ResponseScanner.For(_response.ContentType, _response.Headers.ContentEncoding);
            if (AnswersBatch)
            {
                _scanner?.TellApart();
            }
        }

        _scanner?.Feed(buffer.Span);
        return Inner.Stream.WriteAsync(buffer, cancellationToken);
    }
}
