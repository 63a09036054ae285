using System.Text;
using Tunnel.ProxyCore.Configuration.Toml;

namespace Tunnel.ProxyCore.Configuration;

/// <summary>Values as a file would have them.</summary>
public static class TomlText
{
    /// <param name="kind">What the key can be set to.</param>
    /// <param name="text">The value as an option has it.</param>
    public static string Of(ValueKind kind, string text)
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

    /// <summary>Without characters that a comment must not have.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Select(character => TomlCursor.IsControl(character) ? '?' : character));
}
