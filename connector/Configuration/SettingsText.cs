using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>Settings as a file would have them, one key on a line, so that the output can become one.</summary>
internal static class SettingsText
{
    public static IEnumerable<string> Format(Settings settings, bool withOrigin)
    {
        foreach (var key in ConfigurationSchema.Keys)
        {
            yield return Format(key, key.Path, settings, withOrigin) ?? $"# {key.Path} is not set";
        }

        // Tables come last: what follows a header belongs to it.
        foreach (var tables in ConfigurationSchema.Tables)
        {
            var all = settings.Get(tables);
            if (all.IsEmpty)
            {
                yield return $"# there is no [[{tables.Path}]]";
            }

            foreach (var line in all.SelectMany(table => Format(tables, table, withOrigin)))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Format(ConfigurationTables tables, Settings table, bool withOrigin) =>
        ConfigurationSchema
            .KeysOf(tables)
            .Select(key => Format(key, key.Path[(tables.Path.Length + 1)..], table, withOrigin))
            .OfType<string>()
            .Prepend($"[[{tables.Path}]]");

    private static string? Format(ConfigurationKey key, string path, Settings settings, bool withOrigin) =>
        settings.Find(key) is not { } setting ? null
        : withOrigin ? $"{path} = {TomlText.Of(key.Kind, setting.Text)}  # {TomlText.Printable(setting.Origin)}"
        : $"{path} = {TomlText.Of(key.Kind, setting.Text)}";
}
