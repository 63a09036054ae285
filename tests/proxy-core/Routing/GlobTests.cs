using Tunnel.ProxyCore.Routing;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Routing;

public sealed class GlobTests
{
    [Theory]
    [InlineData("ui://widget/*", "ui://widget/map.html", true)]
    [InlineData("ui://widget/*", "ui://widget/", true)]
    [InlineData("ui://widget/*", "ui://other/map", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("ui://w/?", "ui://w/a", true)]
    [InlineData("ui://w/?", "ui://w/", false)]
    [InlineData("ui://w/?", "ui://w/ab", false)]
    [InlineData("*.html", "ui://w/a.html.html", true)]
    [InlineData("*.html", "ui://w/a.htm", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXbYbZ", false)]
    [InlineData("UI://w", "ui://w", false)]
    public void Pattern_MatchesTheWholeText(string pattern, string uri, bool matches) => Assert.Equal(matches, Glob.Matches(pattern, uri));

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ManyStars_AreNotExponential()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 100)) + "b";

        var matches = await Task.Run(() => Glob.Matches(pattern, new string('a', 2000)), TestContext.Current.CancellationToken);

        Assert.False(matches);
    }
}
