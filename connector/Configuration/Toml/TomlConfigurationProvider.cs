using Microsoft.Extensions.Configuration;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Configuration.Toml;

namespace Tunnel.Connector.Configuration.Toml;

/// <summary>
/// The values of one file. A file that cannot be used leaves the values of the last time in place and says what is wrong:
/// half a file must not stop a running tunnel.
/// </summary>
internal sealed class TomlConfigurationProvider : FileConfigurationProvider, ISettingProvider
{
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

    private SettingsFile Read(Stream stream) =>
        TomlReader.ReadBytes(stream) is { } bytes
            ? SettingsFile.Read(bytes, _file.Path)
            : SettingsFile.Unusable(new ConfigurationProblem(_file.Path, $"the file is larger than {TomlReader.MaxFileSize} bytes"));

    private static Exception Innermost(Exception exception) => exception.GetBaseException();
}
