using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tunnel.ProxyCore.Dashboard.Pages;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard.Pages;

public sealed partial class PageAssetsTests
{
    private readonly PageAssets _assets = new();

    [Fact]
    public void VendoredFiles_AreThoseWhoseHashesAreWrittenDown()
    {
        var pinned = JsonSerializer.Deserialize<Dictionary<string, string>>(TextOf("vendor/vendor.json"))!;

        Assert.NotEmpty(pinned);
        Assert.All(
            pinned,
            one => Assert.Equal(one.Value, Convert.ToHexStringLower(SHA256.HashData(Find("vendor/" + one.Key).Content.Span)))
        );
    }

    [Fact]
    public void Page_NamesOnlyFilesThatThereAre()
    {
        var page = Encoding.UTF8.GetString(_assets.Page.Content.Span);

        var named = Named().Matches(page).Select(match => match.Value).ToArray();

        Assert.Contains(named, path => path.EndsWith("/app/main.js", StringComparison.Ordinal));
        Assert.All(named, path => Assert.NotNull(_assets.Find(path)));
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_ImportOnlyFilesThatThereAre()
    {
        HashSet<string> seen = [];
        Queue<string> waiting = new(["app/main.js"]);
        while (waiting.TryDequeue(out var path))
        {
            if (seen.Add(path))
            {
                foreach (var import in RelativeImport().Matches(TextOf(path)).Select(match => match.Groups["path"].Value))
                {
                    waiting.Enqueue(new Uri(new Uri($"http://pages.test/{path}"), import).AbsolutePath[1..]);
                }
            }
        }

        Assert.Contains("app/studio/preview/WidgetBridge.js", seen);
    }

    [Fact]
    public void FileOfAnotherVersion_IsNotThere()
    {
        Assert.Null(_assets.Find("/assets/0000000000000000/app/main.js"));
    }

    private PageAsset Find(string path) => _assets.Find(_assets.Root + path) ?? throw new Xunit.Sdk.XunitException($"there is no {path}");

    private string TextOf(string path) => Encoding.UTF8.GetString(Find(path).Content.Span);

    [GeneratedRegex("""/assets/[0-9a-f]+/[^"]+""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex("""(from|import)\s+'(?<path>\.[^']+)'""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RelativeImport();
}
