using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Configuration.Toml;

namespace Tunnel.Connector.Configuration;

/// <summary>What one file sets, checked key by key against <see cref="ConfigurationSchema"/>.</summary>
internal sealed class SettingsFile
{
    /// <summary>Of keys that name a file with a secret: <c>api_key_file</c>.</summary>
    private const string FileEnding = "_file";

    private readonly string _path;
    private readonly List<ConfigurationProblem> _problems = [];
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<ConfigurationTables, int> _counts = [];

    private SettingsFile(string path)
    {
        _path = path;
    }

    public static SettingsFile Empty { get; } = new(string.Empty);

    /// <summary>The texts by section, as a provider has them.</summary>
    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the value of a section stands, from 1.</summary>
    public IReadOnlyDictionary<string, int> Lines => _lines;

    /// <summary>How many there are of tables that the file speaks of.</summary>
    public IReadOnlyDictionary<ConfigurationTables, int> Counts => _counts;

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    public static SettingsFile Unusable(ConfigurationProblem problem)
    {
        var file = new SettingsFile(problem.Where);
        file._problems.Add(problem);
        return file;
    }

    /// <param name="utf8">The file's content.</param>
    /// <param name="path">Its full path, for messages and for values that are relative to it.</param>
    public static SettingsFile Read(byte[] utf8, string path)
    {
        var file = new SettingsFile(path);
        try
        {
            file.ReadTable(TomlReader.Read(utf8), prefix: string.Empty, SettingsScope.Root);
        }
        catch (TomlException broken)
        {
            file.Report(broken.Line, broken.Message);
        }

        return file;
    }

    private void ReadTable(TomlValue table, string prefix, SettingsScope scope)
    {
        foreach (var (name, value) in table.Members)
        {
            var path = prefix + name;
            if (scope.FindKey(path) is { } key)
            {
                ReadValue(key, scope.SectionOf(key), value);
            }
            else if (FileValue.LooksSecret(name))
            {
                Report(
                    value.Line,
                    $"{path} looks like a secret, and files get committed",
                    scope.FindKey(path + FileEnding) is { } file
                        ? $"put it in the variable {file.Variable[..^FileEnding.Length]}, or in a file of its own that {file.Path} names"
                        : "put it in a variable of the environment, such as MCPR_TOKEN, or in a file of its own"
                );
            }
            else if (scope.FindTables(path) is { } tables)
            {
                ReadTables(tables, value);
            }
            else if (value.Kind == TomlKind.Table && value.Members.Count > 0)
            {
                ReadTable(value, path + ".", scope);
            }
            else
            {
                ReportUnknown(path, value, scope);
            }
        }
    }

    private void ReadTables(ConfigurationTables tables, TomlValue value)
    {
        if (value.Kind != TomlKind.Array || !value.Items.All(item => item.Kind == TomlKind.Table))
        {
            Report(value.Line, $"{tables.Path} is there more than once, as tables", $"write [[{tables.Path}]]");
            return;
        }

        _counts[tables] = value.Items.Count;
        for (var index = 0; index < value.Items.Count; index++)
        {
            var (table, scope) = (value.Items[index], SettingsScope.Of(tables, index));
            var before = _problems.Count;
            ReadTable(table, tables.Path + ".", scope);
            if (
                _problems.Count == before
                && scope.Keys.FirstOrDefault(key => key.IsRequired && !Values.ContainsKey(scope.SectionOf(key))) is { } missing
            )
            {
                Report(table.Line, $"this [[{tables.Path}]] has no {missing.Path[(tables.Path.Length + 1)..]}", missing.Description);
            }
        }
    }

    private void ReadValue(ConfigurationKey key, string section, TomlValue value)
    {
        if (FileValue.Read(key.Kind, key.Path, value, Path.GetDirectoryName(_path)!, out var text) is { } fault)
        {
            Report(fault.Line, fault.Message);
            return;
        }

        Values[section] = text;
        _lines[section] = value.Line;
    }

    private void ReportUnknown(string path, TomlValue value, SettingsScope scope)
    {
        var (what, name) = value.Kind switch
        {
            TomlKind.Table => ("table", $"[{path}]"),
            TomlKind.Array when value.Items is [{ Kind: TomlKind.Table }, ..] => ("table", $"[[{path}]]"),
            _ => ("key", path),
        };
        var suggestion = Suggestion.For(path, scope.Paths);
        Report(value.Line, $"unknown {what} {name}", suggestion is null ? "docs/config.md has all keys" : $"did you mean {suggestion}");
    }

    private void Report(int line, string message, string? hint = null) =>
        _problems.Add(new ConfigurationProblem($"{_path}:{line}", message, hint));
}
