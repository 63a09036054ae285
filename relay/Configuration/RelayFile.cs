using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Configuration.Toml;

namespace Tunnel.Relay.Configuration;

/// <summary>
/// What a file sets, one setting on a line and no tables:
/// <code>
/// domain = "tunnel.example.com"
/// listen = ["https://0.0.0.0:443", "http://0.0.0.0:80"]
/// max_tunnels = 20_000
/// </code>
/// </summary>
internal sealed class RelayFile
{
    /// <summary>Read if it is there and no other file is named.</summary>
    public const string DefaultPath = "/etc/mcpr-relay/relay.toml";

    private readonly Dictionary<RelaySetting, RelayValue> _values = [];
    private readonly List<ConfigurationProblem> _problems = [];

    private RelayFile(string path)
    {
        Path = path;
    }

    public string Path { get; }

    public IReadOnlyDictionary<RelaySetting, RelayValue> Values => _values;

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <returns>The file as it is, or null if it is the usual one and not there.</returns>
    public static RelayFile? ReadUsual()
    {
        try
        {
            // Not File.Exists: a file that this user must not see is not the same as none.
            using var file = System.IO.File.OpenRead(DefaultPath);
            return Read(DefaultPath, file);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Unusable(DefaultPath, unreadable.Message, "run this as root or as the relay's user, or name another file with --config");
        }
    }

    public static RelayFile Read(string path)
    {
        try
        {
            using var file = System.IO.File.OpenRead(path);
            return Read(System.IO.Path.GetFullPath(path), file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Unusable(path, unreadable.Message, $"--config names a file; {DefaultPath} is read without it");
        }
    }

    private static RelayFile Read(string path, Stream content)
    {
        if (TomlReader.ReadBytes(content) is not { } bytes)
        {
            return Unusable(path, $"the file is larger than {TomlReader.MaxFileSize} bytes", hint: null);
        }

        var file = new RelayFile(path);
        try
        {
            file.Take(TomlReader.Read(bytes));
        }
        catch (TomlException broken)
        {
            file.Report(broken.Line, broken.Message);
        }

        return file;
    }

    private static RelayFile Unusable(string path, string message, string? hint)
    {
        var file = new RelayFile(path);
        file._problems.Add(new ConfigurationProblem(path, message, hint));
        return file;
    }

    private void Take(TomlValue root)
    {
        foreach (var (key, value) in root.Members)
        {
            if (value.Kind == TomlKind.Table)
            {
                Report(value.Line, $"[{key}] is a table, and settings of the relay stand in none", "write key = value lines only");
            }
            else if (RelaySettings.All.FirstOrDefault(setting => setting.Key == key) is { } setting)
            {
                TakeValue(setting, value);
            }
            else if (FileValue.LooksSecret(key))
            {
                Report(value.Line, $"{key} looks like a secret, and files get copied", "put it in a file of its own and name that");
            }
            else
            {
                var meant = Suggestion.For(key, RelaySettings.All.Select(known => known.Key));
                Report(value.Line, $"unknown key {key}", meant is null ? "docs/relay-config.md has all keys" : $"did you mean {meant}");
            }
        }
    }

    private void TakeValue(RelaySetting setting, TomlValue value)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (FileValue.Read(setting.Kind, setting.Key, value, folder, out var text) is { } fault)
        {
            Report(fault.Line, fault.Message);
            return;
        }

        _values[setting] = new RelayValue(text, $"{Path}:{value.Line}", setting.Key);
    }

    private void Report(int line, string message, string? hint = null) =>
        _problems.Add(new ConfigurationProblem($"{Path}:{line}", message, hint));
}
