using System.Globalization;

namespace Tunnel.Tests.Origins;

/// <summary>How the end of a body is found (RFC 9112, section 6.3).</summary>
internal sealed record BodyFraming(BodyFraming.Kind By, long Length = 0)
{
    internal enum Kind
    {
        Length,
        Chunks,
        Close,
    }

    public static BodyFraming OfRequest(WireHead head) => Announced(head) ?? new BodyFraming(Kind.Length);

    public static BodyFraming OfResponse(WireHead head, int statusCode, string requestMethod)
    {
        var hasNone = statusCode is < 200 or 204 or 304 || requestMethod == "HEAD";
        return hasNone ? new BodyFraming(Kind.Length) : Announced(head) ?? new BodyFraming(Kind.Close);
    }

    private static BodyFraming? Announced(WireHead head)
    {
        if (head.Headers("Transfer-Encoding").Any(value => value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase)))
        {
            return new BodyFraming(Kind.Chunks);
        }

        return head.Header("Content-Length") is { } length
            ? new BodyFraming(Kind.Length, long.Parse(length, CultureInfo.InvariantCulture))
            : null;
    }
}
