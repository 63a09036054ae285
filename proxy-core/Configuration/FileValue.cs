using Tunnel.ProxyCore.Configuration.Toml;

namespace Tunnel.ProxyCore.Configuration;

/// <summary>Values in a file, which have types, as the text that an option on the command line would have.</summary>
public static class FileValue
{
    // Words that secrets are called by. A name that ends in _file says where one is, which is fine.
    private static readonly string[] s_secretWords = ["token", "apikey", "secret", "password", "passwd", "credential", "credentials"];

    /// <param name="kind">What the key can be set to.</param>
    /// <param name="key">Its name, for messages.</param>
    /// <param name="value">What the file sets it to.</param>
    /// <param name="folder">The folder of the file. Paths in it are relative to that, wherever the program was started.</param>
    /// <param name="text">The value as text, if nothing is wrong with it.</param>
    /// <returns>What is wrong and on which line, or null.</returns>
    public static (int Line, string Message)? Read(ValueKind kind, string key, TomlValue value, string folder, out string text)
    {
        text = string.Empty;
        var items = kind.IsList && value.Kind == TomlKind.Array ? value.Items : [value];
        foreach (var item in items)
        {
            if (!kind.TomlKinds.Contains(item.Kind))
            {
                return (item.Line, $"{key} is a {kind.Name}, not {NameOf(item.Kind)}");
            }

            if (kind.IsList && item.Text.Contains(ValueKind.ListSeparator, StringComparison.Ordinal))
            {
                return (item.Line, $"{key}: '{item.Text}' has a comma; every item is a text of its own");
            }
        }

        text = string.Join(
            ValueKind.ListSeparator,
            items.Select(item => kind.IsPath(item.Text) && item.Text.Length > 0 ? Path.GetFullPath(item.Text, folder) : item.Text)
        );
        return kind.FindProblem(text) is { } problem ? (value.Line, $"{key}: {problem}") : null;
    }

    /// <summary>Whether a key is called like something that does not belong into a file that gets committed.</summary>
    public static bool LooksSecret(string key)
    {
        var words = key.ToLowerInvariant().Split('_', '-');
        return words[^1] != "file"
            && (words.Any(s_secretWords.Contains) || string.Concat(words).EndsWith("apikey", StringComparison.Ordinal));
    }

    private static string NameOf(TomlKind kind) =>
        kind switch
        {
            TomlKind.String => "a text",
            TomlKind.Integer => "a whole number",
            TomlKind.Float => "a number",
            TomlKind.Boolean => "true or false",
            TomlKind.Array => "a list",
            TomlKind.Table => "a table",
            _ => "a date or time",
        };
}
