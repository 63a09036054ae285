using System.IO.Compression;

namespace Tunnel.Connector.Cloud;

/// <summary>Lines in the coding that they are kept and sent in.</summary>
internal static class GzipLines
{
    /// <summary>The name of the coding in HTTP.</summary>
    public const string Name = "gzip";

    public static byte[] Encode(ReadOnlySpan<byte> lines)
    {
        using var coded = new MemoryStream(lines.Length / 4);
        // The least work: events are much alike, and come down to a tenth even so.
        using (var gzip = new GZipStream(coded, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(lines);
        }

        return coded.ToArray();
    }

    /// <param name="coded">What <see cref="Encode"/> gave, once or several times.</param>
    /// <returns>Nothing where it is damaged.</returns>
    public static byte[] Decode(ReadOnlyMemory<byte> coded)
    {
        using var gzip = new GZipStream(new MemoryStream(coded.ToArray()), CompressionMode.Decompress);
        using var lines = new MemoryStream();
        try
        {
            gzip.CopyTo(lines);
            return lines.ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
