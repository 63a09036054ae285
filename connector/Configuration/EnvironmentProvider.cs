using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>The variables of the keys. Others that begin with MCPR_ are none of our business: the relay has its own.</summary>
internal sealed class EnvironmentProvider(IReadOnlyDictionary<string, string> variables)
    : ConfigurationProvider,
        IConfigurationSource,
        ISettingProvider
{
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    private readonly List<ConfigurationProblem> _problems = [];

    public SettingSource Source => SettingSource.Environment;

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>All variables there are.</summary>
    public static IReadOnlyDictionary<string, string> OfThisProcess() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? string.Empty, StringComparer.Ordinal);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public string OriginOf(string section) => _origins[section];

    public int? CountOf(ConfigurationTables tables) => null;

    public override void Load()
    {
        foreach (var key in ConfigurationSchema.Keys)
        {
            // An empty variable is how scripts unset one.
            var name = ((string?[])[key.Variable, key.VariableAlias]).FirstOrDefault(IsSet);
            if (name is null)
            {
                continue;
            }

            var text = variables[name].Trim();
            Data[key.Section] = text;
            _origins[key.Section] = name;
            if (key.Kind.FindProblem(text) is { } problem)
            {
                _problems.Add(new ConfigurationProblem(name, problem));
            }
        }
    }

    private bool IsSet(string? name) => name is not null && variables.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value);
}
