using System.IO.Compression;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Content codings (RFC 9110 section 8.4.1) that can be undone to change what is inside.</summary>
internal static class ContentDecoding
{
    /// <returns>The decoded body, or null where the coding is not known.</returns>
    public static Stream? Decode(Stream body, string coding) =>
        coding.Trim().ToLowerInvariant() switch
        {
            "" or "identity" => body,
            "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
            // "deflate" is the zlib format.
            "deflate" => new ZLibStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => null,
        };

    public static bool CanDecode(string coding) =>
        coding.Trim().ToLowerInvariant() is "" or "identity" or "gzip" or "x-gzip" or "deflate" or "br";
}
