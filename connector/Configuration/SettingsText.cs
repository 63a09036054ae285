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
            yield return settings.Find(key) is not { } setting ? $"# {key.Path} is not set"
            : withOrigin ? $"{key.Path} = {Quote(key.Kind, setting.Text)}  # {Printable(setting.Origin)}"
            : $"{key.Path} = {Quote(key.Kind, setting.Text)}";
        }
    }

    private static string Quote(ValueKind kind, string text)
    {
        if (kind.IsList)
        {
            var items = text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return $"[{string.Join(", ", items.Select(Quote))}]";
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
