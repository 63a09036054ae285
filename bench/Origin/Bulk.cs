using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Bench.Origin;

/// <summary>Bytes without meaning, in both directions: <c>GET /download?bytes=N</c> and <c>POST /upload</c>.</summary>
internal static class Bulk
{
    private const int PieceSize = 64 * 1024;

    private static readonly byte[] s_piece = new byte[PieceSize];

    public static async Task SendAsync(HttpContext context)
    {
        var left = long.Parse(context.Request.Query["bytes"].ToString(), CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = left;
        for (; left > 0; left -= PieceSize)
        {
            await context.Response.Body.WriteAsync(s_piece.AsMemory(0, (int)Math.Min(left, PieceSize)), context.RequestAborted);
        }
    }

    /// <summary>Answers with the number of bytes that came.</summary>
    public static async Task TakeAsync(HttpContext context)
    {
        var taken = 0L;
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            taken += read.Buffer.Length;
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        await context.Response.WriteAsync(taken.ToString(CultureInfo.InvariantCulture), context.RequestAborted);
    }
}
