using System.Text;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Hosting;
using Tunnel.ProxyCore.Widgets;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Hosting;

public sealed class CspSettingsTests
{
    private const string File = """
        [csp]
        connect_domains = ["api.example.com", "wss://live.example.com"]
        frame_mode = "replace"
        domain = "https://app.example.com"

        [[csp.widget]]
        match = "ui://widget/*"
        resource_domains = "https://*.cdn.example.com"

        [[csp.widget]]
        match = "ui://widget/map"
        connect_mode = "replace"
        """;

    [Fact]
    public void ListsModesAndTables_AreRulesInTheirOrder()
    {
        using var folder = new TemporaryFolder();

        var options = CspSettings.Read(Load(folder, File).Current);

        Assert.Equal([null, "ui://widget/*", "ui://widget/map"], options.Rules.Select(rule => rule.Match), StringComparer.Ordinal);
        Assert.Equal(
            "https://api.example.com wss://live.example.com",
            string.Join(' ', options.Rules[0].Lists[CspDirective.Connect].Sources)
        );
        Assert.Equal(CspMode.Replace, options.Rules[0].Lists[CspDirective.Frame].Mode);
        Assert.Equal("https://*.cdn.example.com", options.Rules[1].Lists[CspDirective.Resource].Sources.Single().ToString());
        Assert.Equal(CspMode.Replace, options.Rules[2].Lists[CspDirective.Connect].Mode);
        Assert.Equal(new Uri("https://app.example.com"), options.Domain);
        Assert.False(options.Report);
    }

    [Theory]
    [InlineData("csp.connect_domains = [\"https://a.example; script-src *\"]", "has a character that no address has")]
    [InlineData("csp.connect_domains = [\"'unsafe-eval'\"]", "is a keyword")]
    [InlineData("csp.connect_mode = \"strict\"", "neither extend nor replace")]
    [InlineData("csp.domain = \"http://a.example\"", "no https origin")]
    [InlineData("csp.conect_domains = []", "unknown key csp.conect_domains")]
    [InlineData("[[csp.widget]]\nconnect_domains = []", "has no match")]
    [InlineData("csp.widget.match = \"x\"", "write [[csp.widget]]")]
    public void Mistake_IsToldWithItsLine(string text, string message)
    {
        using var folder = new TemporaryFolder();

        var problem = Assert.Single(Load(folder, text).Problems);

        Assert.Contains(message, $"{problem} {problem.Hint}", StringComparison.Ordinal);
    }

    [Fact]
    public void ShownSettings_AreAFileAgain()
    {
        using var folder = new TemporaryFolder();
        var lines = SettingsText.Format(Load(folder, File).Current, withOrigin: false);

        var again = SettingsFile.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)), "mcpr.toml");

        Assert.Empty(again.Problems);
        Assert.Equal("ui://widget/map", again.Values["csp:widget:1:match"]);
    }

    private static LiveSettings Load(TemporaryFolder folder, string text)
    {
        var path = folder.PathOf("mcpr.toml");
        System.IO.File.WriteAllText(path, text);
        return new LiveSettings(
            [new ConfigurationFile(path, SettingSource.ProjectFile)],
            new Dictionary<string, string>(StringComparer.Ordinal),
            new Dictionary<ConfigurationEntry, string>()
        );
    }
}
