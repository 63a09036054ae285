using System.Text;
using Tunnel.Connector.Configuration;
using Xunit;

namespace Tunnel.Connector.Tests.Configuration;

public sealed class ConfigurationSchemaTests
{
    [Fact]
    public void NamesAreUnique_AndDefaultsAreValues()
    {
        Assert.Equal(
            ConfigurationSchema.Keys.Length,
            ConfigurationSchema.Keys.Select(key => key.Variable).Distinct(StringComparer.Ordinal).Count()
        );
        Assert.All(
            ConfigurationSchema.Keys,
            key =>
            {
                Assert.Matches("^[a-z][a-z_]*([.][a-z][a-z_]*)*$", key.Path);
                Assert.Matches("^[a-z].*[^.]$", key.Description);
                Assert.Null(key.Default is null ? null : key.Kind.FindProblem(key.Default));
            }
        );
    }

    [Fact]
    public async Task Documentation_ListsTheKeysAndNothingElse()
    {
        var document = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "config.md"),
            TestContext.Current.CancellationToken
        );

        var documented = document.Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(c => c == '|') == 7);

        Assert.Equal(ConfigurationSchema.Keys.Select(Row), documented, StringComparer.Ordinal);
    }

    [Fact]
    public void ShownSettings_AreAFileAgain()
    {
        using var live = new LiveSettings(
            [],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["MCPR_ALLOW_HOST"] = "a.example, b.example",
                ["MCPR_MCP"] = "9000",
                ["MCPR_TLS_CERT"] = "/a\"\\b",
            },
            new Dictionary<ConfigurationKey, string>()
        );

        var text = string.Join('\n', SettingsText.Format(live.Current, withOrigin: true));

        var file = SettingsFile.Read(Encoding.UTF8.GetBytes(text), Path.Combine(Path.GetTempPath(), "mcpr.toml"));
        Assert.Empty(file.Problems);
        Assert.Equal("a.example,b.example", file.Values["allow_host"]);
        Assert.Equal(live.Current.Find(ConfigurationSchema.TlsCert)!.Text, file.Values["tls_cert"]);
        Assert.Equal("false", file.Values["events"]);
    }

    /// <summary><c>| `limits.connect_timeout` | duration | `10s` | | yes | how long … |</c></summary>
    private static string Row(ConfigurationKey key)
    {
        var (byDefault, flag) = (key.Default is null ? "" : $" `{key.Default}`", key.Flag is null ? "" : $" `{key.Flag}`");
        return $"| `{key.Path}` | {key.Kind.Name} |{byDefault} |{flag} | {(key.Reloads ? "yes" : "no")} | {key.Description} |";
    }
}
