using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.Html;
using Tunnel.ProxyCore.Rewriting;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Html;

public sealed class HtmlPiecesTests
{
    private const int Documents = 600;
    private const string Styles =
        "/**/@import /* ' */ \"a.css\"; @namespace url(x); a{b:url( c\\28 d.png ) url('e\\'f') u\\72 l(g) image-set( 'h' 1x, url(i) 2x type('j')) } k{l:url(m n) '\\\r\no' url(p";

    public static TheoryData<string> PageNames => Pages.Names;

    [Theory]
    [MemberData(nameof(PageNames))]
    public void PageSplitAnywhere_SameOutput(string name)
    {
        var page = Encoding.UTF8.GetBytes(Pages.Get(name));

        AllSplitsAgree(page, () => new HtmlRewriter(new PrefixUrlMap()));
    }

    [Fact]
    public void StyleSheetSplitAnywhere_SameOutput() =>
        AllSplitsAgree(Encoding.UTF8.GetBytes(Styles), () => new CssRewriter(new PrefixUrlMap()));

    [Fact]
    public void TagSoupInRandomPieces_SameOutput()
    {
        for (var seed = 0; seed < Documents; seed++)
        {
            var soup = new TagSoup(seed);
            var document = soup.Damaged(Encoding.UTF8.GetBytes(soup.Document(parts: 60)));
            var whole = Pieces.Whole(new HtmlRewriter(new PrefixUrlMap()), document);

            var inPieces = Pieces.Rewrite(new HtmlRewriter(new PrefixUrlMap()), document, () => soup.Next(1 << soup.Next(10)));
            var inBytes = Pieces.Rewrite(new HtmlRewriter(new PrefixUrlMap()), document, () => 1);

            Assert.True(whole.AsSpan().SequenceEqual(inPieces), $"seed {seed}");
            Assert.True(whole.AsSpan().SequenceEqual(inBytes), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NoUrlChanges_EveryByteIsKept(bool answers)
    {
        for (var seed = 0; seed < Documents; seed++)
        {
            var soup = new TagSoup(seed);
            var document = soup.Damaged(Encoding.UTF8.GetBytes(soup.Document(parts: 60)));

            Assert.Equal(document, Pieces.Rewrite(new HtmlRewriter(new SameUrlMap(answers)), document, () => 1 + soup.Next(200)));
            Assert.Equal(document, Pieces.Rewrite(new CssRewriter(new SameUrlMap(answers)), document, () => 1 + soup.Next(200)));
            Assert.Null(HtmlRewriter.Rewrite(document, new SameUrlMap(answers)));
        }
    }

    [Fact]
    public void RandomBytes_AreKept()
    {
        for (var seed = 0; seed < Documents; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(2_000)];
            random.NextBytes(bytes);

            Assert.Equal(bytes, Pieces.Whole(new HtmlRewriter(new SameUrlMap(answers: true)), bytes));
            Assert.Equal(bytes, Pieces.Whole(new CssRewriter(new SameUrlMap(answers: true)), bytes));
        }
    }

    [Theory]
    [InlineData("<a href='", "'>")]
    [InlineData("<a href=", ">")]
    [InlineData("<a style='b:url(", ")'>")]
    [InlineData("<style>a{b:url(", ")}</style>")]
    [InlineData("<style>a{b:url('", "')}</style>")]
    [InlineData("<meta http-equiv=refresh content='0;url=", "'>")]
    [InlineData("<meta content='0;url=", "' http-equiv=refresh>")]
    public void ValueAtTheLimit_IsReadAndALongerOnePasses(string before, string after)
    {
        // What is held besides the URL itself, if the document says so.
        var besides =
            before.Contains("style=", StringComparison.Ordinal) ? "b:url()".Length
            : before.Contains("http-equiv", StringComparison.Ordinal) ? "0;url=".Length
            : before.Contains("<meta", StringComparison.Ordinal) ? ("0;url=" + after).Length
            : 0;
        var longest = HeldStretch.Limit - besides;

        foreach (var pieceLength in new[] { 1_000_000, 4_099, 1 })
        {
            Assert.Equal((1, 0), Run(longest, pieceLength));
            Assert.Equal((0, 1), Run(longest + 1, pieceLength));
        }

        (long Changes, long TooLong) Run(int length, int pieceLength)
        {
            var rewriter = new HtmlRewriter(new PrefixUrlMap());
            var html = Encoding.UTF8.GetBytes(before + new string('x', length) + after);
            Pieces.Rewrite(rewriter, html, () => pieceLength);
            return (rewriter.Changes, rewriter.TooLong);
        }
    }

    [Theory]
    [InlineData("<a href='")]
    [InlineData("<a href=")]
    [InlineData("<a title='")]
    [InlineData("<a ")]
    [InlineData("<")]
    [InlineData("</")]
    [InlineData("<!")]
    [InlineData("<!--")]
    [InlineData("<meta content=x y='")]
    [InlineData("<style></")]
    [InlineData("<style>a{b:url(")]
    [InlineData("<style>a{b:url('")]
    [InlineData("<style>@import ")]
    [InlineData("<script><!--<script></")]
    [InlineData("<svg><![CDATA[")]
    public void EndlessConstruct_IsHeldWithinTheLimit(string start)
    {
        var rewriter = new HtmlRewriter(new PrefixUrlMap());
        var output = new ArrayBufferWriter<byte>();
        var piece = Encoding.UTF8.GetBytes(new string('x', 16 * 1024));
        long taken = start.Length;
        rewriter.Write(Encoding.UTF8.GetBytes(start), output);

        for (var count = 0; count < 640; count++)
        {
            rewriter.Write(piece, output);
            taken += piece.Length;
            Assert.InRange(taken - output.WrittenCount, 0, HeldStretch.Limit);
        }

        rewriter.Complete(output);
        Assert.Equal(taken, output.WrittenCount);
        Assert.Equal(0, rewriter.Changes);
    }

    [Fact]
    public void LongInlinedData_IsNotCountedAsTooLong()
    {
        var rewriter = new HtmlRewriter(new PrefixUrlMap());

        Pieces.Rewrite(rewriter, Encoding.UTF8.GetBytes("<img src=data:image/png;base64," + new string('A', 200_000) + ">"), () => 1_000);

        Assert.Equal(0, rewriter.TooLong);
    }

    /// <summary>
    /// The scanner has no text in it, so it cannot look back; here it cannot look ahead either. That each byte is taken with a few events at most
    /// makes its work linear.
    /// </summary>
    [Fact]
    public void EveryByte_IsTakenOnceWithABoundedNumberOfEvents()
    {
        foreach (var page in Pages.All)
        {
            var scanner = new HtmlScanner();
            foreach (var value in Encoding.UTF8.GetBytes(page))
            {
                var (position, events) = (0, 0);
                while (scanner.Next([value], ref position) != HtmlEvent.None)
                {
                    events++;
                }

                Assert.Equal(1, position);
                Assert.InRange(events, 0, 3);
            }
        }
    }

    [Fact]
    public void LongDocument_UrlsAreAskedAboutOnce()
    {
        var map = new CountingUrlMap();
        var html = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("<img src=/a.png srcset='/b 1x,/c 2x' style='d:url(/e)'><style>f{g:url(/h)}</style>", 1_000))
        );

        Pieces.Rewrite(new HtmlRewriter(map), html, () => 7);

        Assert.Equal((5_000, 14_000), (map.Count, map.Bytes));
    }

    private static void AllSplitsAgree(byte[] body, Func<IBodyRewriter> create)
    {
        var whole = Pieces.Whole(create(), body);
        Assert.NotEqual(body, whole);
        for (var split = 1; split < body.Length; split++)
        {
            var isFirst = true;
            var inTwo = Pieces.Rewrite(
                create(),
                body,
                () =>
                {
                    var length = isFirst ? split : body.Length;
                    isFirst = false;
                    return length;
                }
            );
            Assert.True(whole.AsSpan().SequenceEqual(inTwo), $"split at {split}");
        }

        Assert.Equal(whole, Pieces.Rewrite(create(), body, () => 1));
    }

    private sealed class CountingUrlMap : IUrlMap
    {
        public int Count { get; private set; }

        public int Bytes { get; private set; }

        public byte[]? Map(ReadOnlySpan<byte> url)
        {
            Count++;
            Bytes += url.Length;
            return null;
        }

        public IUrlMap Under(ReadOnlySpan<byte> baseUrl) => this;
    }
}
