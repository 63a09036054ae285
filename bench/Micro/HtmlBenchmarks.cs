using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Tunnel.ProxyCore.Html;

namespace Tunnel.Bench.Micro;

/// <summary>Widget pages on their way from a dev server, in pieces as a socket gives them.</summary>
public class HtmlBenchmarks
{
    private const string Local = "http://localhost:5173";
    private const int PieceSize = 16 * 1024;
    private const int PageSize = 256 * 1024;

    private readonly PublicUrlMap _map = new(new Uri(Local), [Local], "https://brave-otter.example.com", makesAbsolute: true);
    private readonly ArrayBufferWriter<byte> _output = new(2 * PageSize);

    [ParamsSource(nameof(Pages))]
    public Document Page { get; set; } = null!;

    /// <summary>Mostly text, as people write it, and nothing but short elements with URLs.</summary>
    public static IEnumerable<Document> Pages =>
        [
            new(
                "ordinary page",
                Repeat($"""<p>{Text(900)}</p><a class="link" href="/pages/next">next</a><img src="{Local}/img/a.png" alt="">""")
            ),
            new("page of nothing but links", Repeat($"""<a href="/p/1">a</a><img src="{Local}/i.png">""")),
            new("page of scripts", Repeat($"""<script type="module">{Text(4000)}</script><link rel="stylesheet" href="/a.css">""")),
        ];

    [Benchmark(Description = "HTML rewriter")]
    public long Rewrite()
    {
        _output.ResetWrittenCount();
        var rewriter = new HtmlRewriter(_map);
        for (var rest = Page.Bytes.Span; !rest.IsEmpty; rest = rest[Math.Min(PieceSize, rest.Length)..])
        {
            rewriter.Write(rest[..Math.Min(PieceSize, rest.Length)], _output);
        }

        rewriter.Complete(_output);
        return rewriter.Changes;
    }

    private static byte[] Repeat(string part) =>
        Encoding.UTF8.GetBytes("<!doctype html><html><body>" + string.Concat(Enumerable.Repeat(part, (PageSize / part.Length) + 1)));

    private static string Text(int length)
    {
        const string sentence = "It was a bright cold day in spring, and the servers were answering one after another. ";
        return string.Concat(Enumerable.Repeat(sentence, (length / sentence.Length) + 1))[..length];
    }
}
