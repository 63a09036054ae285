using Microsoft.Extensions.Configuration;

namespace Tunnel.Connector.Configuration.Toml;

/// <summary>
/// The values of one file. A file that cannot be used leaves the values of the last time in place and says what is wrong:
/// half a file must not stop a running tunnel.
/// </summary>
internal sealed class TomlConfigurationProvider : FileConfigurationProvider, ISettingProvider
{
    // Bounded: a configuration is a few hundred lines; this is something else.
    private const int MaxFileSize = 1 << 20;

    private readonly ConfigurationFile _file;
    private SettingsFile _settings = SettingsFile.Empty;

    public TomlConfigurationProvider(TomlConfigurationSource source)
        : base(source)
    {
        _file = source.File;
        source.OnLoadException = context =>
        {
            Problems = [new ConfigurationProblem(_file.Path, Innermost(context.Exception).Message)];
            Data = _settings.Values;
            context.Ignore = true;
        };
    }

    SettingSource ISettingProvider.Source => _file.Source;

    public IReadOnlyList<ConfigurationProblem> Problems { get; private set; } = [];

    public string OriginOf(string section) => $"{_file.Path}:{_settings.Lines[section]}";

    public int? CountOf(ConfigurationTables tables) => _settings.Counts.TryGetValue(tables, out var count) ? count : null;

    public override void Load(Stream stream)
    {
        var read = Read(stream);
        Problems = read.Problems;
        if (read.Problems.Count == 0)
        {
            _settings = read;
        }

        Data = _settings.Values;
    }

    private SettingsFile Read(Stream stream)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxFileSize)
            {
                return SettingsFile.Unusable(new ConfigurationProblem(_file.Path, $"the file is larger than {MaxFileSize} bytes"));
            }
        }

        return SettingsFile.Read(bytes.ToArray(), _file.Path);
    }

    private static Exception Innermost(Exception exception) => exception.GetBaseException();
}
