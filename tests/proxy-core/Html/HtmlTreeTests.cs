using System.Text;
using Tunnel.ProxyCore.Html;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Html;

/// <summary>Another parser reads what we have written: the URLs are the new ones, and nothing else has changed.</summary>
public sealed class HtmlTreeTests
{
    private const int Documents = 1_500;

    public static TheoryData<string> PageNames => Pages.Names;

    [Theory]
    [MemberData(nameof(PageNames))]
    public void PageIsRewritten_TreeHasTheNewUrlsAndNothingElse(string name) => Compare(Encoding.UTF8.GetBytes(Pages.Get(name)), name);

    [Fact]
    public void TagSoupIsRewritten_TreeHasTheNewUrlsAndNothingElse()
    {
        for (var seed = 0; seed < Documents; seed++)
        {
            Compare(Encoding.UTF8.GetBytes(new TagSoup(seed).Document(parts: 1 + (seed % 40))), $"seed {seed}");
        }
    }

    private static void Compare(byte[] html, string name)
    {
        var map = new PrefixUrlMap();
        var rewritten = Pieces.Whole(new HtmlRewriter(map), html);

        var expected = HtmlTree.Describe(html, map);
        var actual = HtmlTree.Describe(rewritten, map: null);

        Assert.True(
            expected == actual,
            $"{name}\n{Encoding.UTF8.GetString(html)}\n--- became\n{Encoding.UTF8.GetString(rewritten)}\n{Difference(expected, actual)}"
        );
    }

    private static string Difference(string expected, string actual)
    {
        var lines = expected.Split('\n').Zip(actual.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second);
        return $"--- expected\n{lines.First}\n--- but was\n{lines.Second}";
    }
}
