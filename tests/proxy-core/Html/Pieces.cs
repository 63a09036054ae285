using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.Html;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Tests.Html;

/// <summary>Runs a body through a rewriter in pieces.</summary>
internal static class Pieces
{
    public static byte[] Rewrite(IBodyRewriter rewriter, ReadOnlySpan<byte> body, Func<int> nextLength)
    {
        var output = new ArrayBufferWriter<byte>();
        while (!body.IsEmpty)
        {
            var length = Math.Min(nextLength(), body.Length);

            // Nothing behind a piece may be looked at, and nothing of it kept by reference.
            var piece = body[..length].ToArray();
            rewriter.Write(piece, output);
            Array.Fill(piece, (byte)'"');
            body = body[length..];
        }

        rewriter.Complete(output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Whole(IBodyRewriter rewriter, ReadOnlySpan<byte> body)
    {
        var length = body.Length;
        return Rewrite(rewriter, body, () => length);
    }

    public static string Html(string html, IUrlMap map) =>
        Encoding.UTF8.GetString(Whole(new HtmlRewriter(map), Encoding.UTF8.GetBytes(html)));

    public static string Css(string css, IUrlMap map) => Encoding.UTF8.GetString(Whole(new CssRewriter(map), Encoding.UTF8.GetBytes(css)));
}
