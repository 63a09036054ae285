using Microsoft.Extensions.Configuration;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>What the command line sets, which wins over everything. The parser of the command line has checked it.</summary>
internal sealed class FlagProvider(IReadOnlyDictionary<ConfigurationEntry, string> flags)
    : ConfigurationProvider,
        IConfigurationSource,
        ISettingProvider
{
    private readonly TextLayer _layer = new();

    public SettingSource Source => SettingSource.Flag;

    public IReadOnlyList<ConfigurationProblem> Problems => _layer.Problems;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public string OriginOf(string section) => _layer.OriginOf(section);

    public int? CountOf(ConfigurationTables tables) => _layer.CountOf(tables);

    public override void Load()
    {
        foreach (var (entry, text) in flags)
        {
            _layer.Set(entry, text, entry.Flag ?? "the command line", Data);
        }
    }
}
