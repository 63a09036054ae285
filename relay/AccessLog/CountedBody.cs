using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.Relay.AccessLog;

/// <summary>Counts the bytes of an answer.</summary>
internal sealed class CountedBody(IHttpResponseBodyFeature inner) : ResponseBodyFilter(inner)
{
    public long Bytes { get; private set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Bytes += buffer.Length;
        return Inner.Stream.WriteAsync(buffer, cancellationToken);
    }
}
