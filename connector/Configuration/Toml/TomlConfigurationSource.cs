using Microsoft.Extensions.Configuration;

namespace Tunnel.Connector.Configuration.Toml;

/// <summary>One configuration file, read again whenever it changes.</summary>
internal sealed class TomlConfigurationSource : FileConfigurationSource
{
    public TomlConfigurationSource(ConfigurationFile file, PolledFolder folder)
    {
        File = file;
        Path = System.IO.Path.GetFileName(file.Path);
        FileProvider = folder;
        ReloadOnChange = true;
        // One that is gone for a moment while an editor saves is no failure; one that was asked for is looked for before.
        Optional = true;
    }

    public ConfigurationFile File { get; }

    public override IConfigurationProvider Build(IConfigurationBuilder builder) => new TomlConfigurationProvider(this);
}
