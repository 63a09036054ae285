using System.Text;
using Tunnel.Connector.Configuration;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Configuration;

public sealed class ConfigurationSchemaTests
{
    private static IEnumerable<ConfigurationKey> KeysOfTables =>
        ConfigurationSchema.Tables.SelectMany(tables => ConfigurationSchema.KeysOf(tables));

    private static IEnumerable<ConfigurationKey> AllKeys => [.. ConfigurationSchema.Keys, .. KeysOfTables];

    [Fact]
    public void NamesAreUnique_AndDefaultsAreValues()
    {
        Assert.Equal(AllKeys.Count(), AllKeys.Select(key => key.Variable).Distinct(StringComparer.Ordinal).Count());
        Assert.All<ConfigurationEntry>(
            [.. AllKeys, .. ConfigurationSchema.Tables],
            entry =>
            {
                Assert.Matches("^[a-z][a-z_]*([.][a-z][a-z_]*)*$", entry.Path);
                Assert.Matches("^[a-z].*[^.]$", entry.Description);
            }
        );
        Assert.All(AllKeys, key => Assert.Null(key.Default is null ? null : key.Kind.FindProblem(key.Default)));
    }

    [Fact]
    public void KeysOfTables_LeaveTheRestToTheTables()
    {
        Assert.All(KeysOfTables, key => Assert.True(key is { Flag: null, VariableAlias: null, Reloads: false }, key.Path));
        Assert.All(ConfigurationSchema.Tables, tables => Assert.NotEmpty(ConfigurationSchema.KeysOf(tables)));
        Assert.All(ConfigurationSchema.Keys, key => Assert.False(key.IsRequired, key.Path));
    }

    [Fact]
    public async Task Documentation_ListsTheKeysAndNothingElse()
    {
        var document = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "config.md"),
            TestContext.Current.CancellationToken
        );

        var documented = document.Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(c => c == '|') == 7);

        Assert.Equal(
            [.. ConfigurationSchema.Keys.Select(Row), .. ConfigurationSchema.Tables.SelectMany(Rows)],
            documented,
            StringComparer.Ordinal
        );
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
            new Dictionary<ConfigurationEntry, string>()
        );

        var text = string.Join('\n', SettingsText.Format(live.Current, withOrigin: true));

        var file = SettingsFile.Read(Encoding.UTF8.GetBytes(text), Path.Combine(Path.GetTempPath(), "mcpr.toml"));
        Assert.Empty(file.Problems);
        Assert.Equal("a.example,b.example", file.Values["allow_host"]);
        Assert.Equal(live.Current.Find(ConfigurationSchema.TlsCert)!.Text, file.Values["tls_cert"]);
        Assert.Equal("false", file.Values["events"]);
    }

    [Fact]
    public void ShownTables_AreAFileAgain()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("mcpr.toml");
        File.WriteAllText(path, "server = [{ name = 'a', url = 9001 }, { name = 'b', url = [9002, 9003] }]\n port = 1");
        using var live = new LiveSettings(
            [new ConfigurationFile(path, SettingSource.ProjectFile)],
            new Dictionary<string, string>(StringComparer.Ordinal),
            new Dictionary<ConfigurationEntry, string>()
        );

        var lines = SettingsText.Format(live.Current, withOrigin: true).ToArray();

        Assert.Contains("[[server]]", lines, StringComparer.Ordinal);
        Assert.Contains($"name = \"b\"  # {path}:1", lines, StringComparer.Ordinal);
        var file = SettingsFile.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)), path);
        Assert.Empty(file.Problems);
        Assert.Equal("9002,9003", file.Values["server:1:url"]);
    }

    /// <summary><c>| `[[server]]` | tables | | | no | a further …|</c>, and one for every key of theirs.</summary>
    private static IEnumerable<string> Rows(ConfigurationTables tables) =>
        ConfigurationSchema
            .KeysOf(tables)
            .Select(key => Row($"`{key.Path}`", key.Kind.Name, key, tables.Reloads))
            .Prepend(Row($"`[[{tables.Path}]]`", "tables", tables, tables.Reloads));

    /// <summary><c>| `limits.connect_timeout` | duration | `10s` | | yes | how long … |</c></summary>
    private static string Row(ConfigurationKey key) => Row($"`{key.Path}`", key.Kind.Name, key, key.Reloads);

    private static string Row(string name, string kind, ConfigurationEntry entry, bool reloads)
    {
        var byDefault = entry is ConfigurationKey { Default: { } text } ? $" `{text}`" : "";
        var flag = entry.Flag is null ? "" : $" `{entry.Flag}`";
        return $"| {name} | {kind} |{byDefault} |{flag} | {(reloads ? "yes" : "no")} | {entry.Description} |";
    }
}
