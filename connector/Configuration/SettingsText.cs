using System.Text;
using Tunnel.Connector.Configuration.Toml;

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
        : withOrigin ? $"{path} = {Quote(key.Kind, setting.Text)}  # {Printable(setting.Origin)}"
        : $"{path} = {Quote(key.Kind, setting.Text)}";

    private static string Quote(ValueKind kind, string text)
    {
        if (kind.IsList)
        {
            var items = text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return items is [var only] ? Quote(only) : $"[{string.Join(", ", items.Select(Quote))}]";
        }

        if (kind.TomlKinds is [TomlKind.Boolean])
        {
            return text is "1" or "true" ? "true" : "false";
        }

        // Where a kind takes text too, text is what it is shown as.
        return kind.TomlKinds.Contains(TomlKind.String) ? Quote(text) : text;
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => quoted.Append('\\').Append(character),
                _ when TomlCursor.IsControl(character) => quoted.Append($"\\u{(int)character:X4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static string Printable(string text) =>
        string.Concat(text.Select(character => TomlCursor.IsControl(character) ? '?' : character));
}
