using System.Collections.Immutable;

namespace Tunnel.Connector.Configuration;

/// <summary>Which keys can stand at a place in a file, and in which sections their values go: the file as a whole, or one of several tables.</summary>
internal sealed class SettingsScope
{
    private readonly ConfigurationTables? _within;
    private readonly int _index;

    private SettingsScope(ConfigurationTables? within, int index)
    {
        _within = within;
        _index = index;
        Keys = within is null ? ConfigurationSchema.Keys : ConfigurationSchema.KeysOf(within);
    }

    public static SettingsScope Root { get; } = new(within: null, index: 0);

    public ImmutableArray<ConfigurationKey> Keys { get; }

    /// <summary>What somebody could have meant here.</summary>
    public IEnumerable<string> Paths =>
        _within is null
            ? [.. Keys.Select(key => key.Path), .. ConfigurationSchema.Tables.Select(tables => tables.Path)]
            : Keys.Select(key => key.Path);

    public static SettingsScope Of(ConfigurationTables tables, int index) => new(tables, index);

    public ConfigurationKey? FindKey(string path) => Keys.FirstOrDefault(key => key.Path == path);

    public ConfigurationTables? FindTables(string path) =>
        _within is null ? ConfigurationSchema.Tables.FirstOrDefault(tables => tables.Path == path) : null;

    public string SectionOf(ConfigurationKey key) => _within?.SectionOf(_index, key) ?? key.Section;
}
