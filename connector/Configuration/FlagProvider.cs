using Microsoft.Extensions.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>What the command line sets, which wins over everything. The parser of the command line has checked it.</summary>
internal sealed class FlagProvider(IReadOnlyDictionary<ConfigurationKey, string> flags)
    : ConfigurationProvider,
        IConfigurationSource,
        ISettingProvider
{
    public SettingSource Source => SettingSource.Flag;

    public IReadOnlyList<ConfigurationProblem> Problems => [];

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public string OriginOf(string section) => flags.Keys.First(key => key.Section == section).Flag!;

    public int? CountOf(ConfigurationTables tables) => null;

    public override void Load()
    {
        foreach (var (key, text) in flags)
        {
            Data[key.Section] = text;
        }
    }
}
