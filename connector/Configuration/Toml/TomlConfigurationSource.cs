using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;

namespace Tunnel.Connector.Configuration.Toml;

/// <summary>One configuration file, read again whenever it changes.</summary>
internal sealed class TomlConfigurationSource : FileConfigurationSource
{
    public TomlConfigurationSource(ConfigurationFile file)
    {
        File = file;
        Path = System.IO.Path.GetFileName(file.Path);
        FileProvider = new PhysicalFileProvider(System.IO.Path.GetDirectoryName(file.Path)!);
        ReloadOnChange = true;
        // One that is gone for a moment while an editor saves is no failure; one that was asked for is looked for before.
        Optional = true;
    }

    public ConfigurationFile File { get; }

    public override IConfigurationProvider Build(IConfigurationBuilder builder) => new TomlConfigurationProvider(this);
}
