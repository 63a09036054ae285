using System.Collections;
using Microsoft.Extensions.Configuration;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>The variables of the keys. Others that begin with MCPR_ are none of our business: the relay has its own.</summary>
internal sealed class EnvironmentProvider(IReadOnlyDictionary<string, string> variables)
    : ConfigurationProvider,
        IConfigurationSource,
        ISettingProvider
{
    private readonly TextLayer _layer = new();

    public SettingSource Source => SettingSource.Environment;

    public IReadOnlyList<ConfigurationProblem> Problems => _layer.Problems;

    /// <summary>All variables there are.</summary>
    public static IReadOnlyDictionary<string, string> OfThisProcess() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? string.Empty, StringComparer.Ordinal);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public string OriginOf(string section) => _layer.OriginOf(section);

    public int? CountOf(ConfigurationTables tables) => _layer.CountOf(tables);

    public override void Load()
    {
        foreach (var entry in ConfigurationSchema.SettableByText)
        {
            // An empty variable is how scripts unset one.
            string?[] names = [entry.Variable, (entry as ConfigurationKey)?.VariableAlias];
            if (names.FirstOrDefault(IsSet) is { } name)
            {
                _layer.Set(entry, variables[name].Trim(), name, Data);
            }
        }
    }

    private bool IsSet(string? name) => name is not null && variables.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value);
}
