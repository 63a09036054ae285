using System.Text.RegularExpressions;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Relay.Configuration;

/// <summary>The settings of this run: flags over environment over file over defaults, with everything that is wrong with them.</summary>
internal sealed partial class RelayConfiguration
{
    private readonly Dictionary<RelaySetting, RelayValue> _values = [];
    private readonly List<ConfigurationProblem> _problems = [];
    private readonly List<ConfigurationProblem> _warnings = [];

    private RelayConfiguration(RelayFile? file)
    {
        File = file;
        _problems.AddRange(file?.Problems ?? []);
    }

    public RelayOptions Options { get; } = new();

    /// <summary>The file that took part, if there is one.</summary>
    public RelayFile? File { get; }

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>What starts all the same.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings => _warnings;

    /// <param name="flagOf">What the command line says of a setting, if it does.</param>
    /// <param name="variableOf">What the environment says.</param>
    /// <param name="file">The file, read.</param>
    public static RelayConfiguration Resolve(Func<RelaySetting, string?> flagOf, Func<string, string?> variableOf, RelayFile? file = null)
    {
        var configuration = new RelayConfiguration(file);
        foreach (var setting in RelaySettings.All)
        {
            configuration.Take(setting, flagOf(setting), variableOf(setting.Variable));
        }

        configuration.Complete();
        configuration.Check();
        return configuration;
    }

    /// <returns>What a setting was set to, or null where it was not.</returns>
    public RelayValue? Find(RelaySetting setting) => _values.GetValueOrDefault(setting);

    private void Take(RelaySetting setting, string? flag, string? variable)
    {
        var value =
            flag is not null ? new RelayValue(flag, setting.Flag, setting.Flag)
            // An empty variable is how scripts unset one.
            : !string.IsNullOrWhiteSpace(variable) ? new RelayValue(variable, setting.Variable, setting.Variable)
            : File?.Values.GetValueOrDefault(setting);
        if (value is null)
        {
            return;
        }

        _values[setting] = value;
        if (setting.Apply(Options, value.Text) is { } problem)
        {
            // Where the origin does not tell the name, the message does.
            var name = value.Origin == value.Name ? string.Empty : $"{value.Name}: ";
            _problems.Add(new ConfigurationProblem(value.Origin, name + problem));
        }
    }

    /// <summary>Defaults that follow from other settings.</summary>
    private void Complete()
    {
        if (Options.Tls.IsOn && Find(RelaySettings.Listen) is null)
        {
            Options.Listen = Options.Listen.Replace("http:", "https:", StringComparison.Ordinal);
        }

        if (Options.PublicUrl is { } own && Find(RelaySettings.Domain) is null)
        {
            Options.Domain = own.Host;
        }

        Options.NodeAddress ??= Options.ClusterListen;
    }

    private void Check()
    {
        if (new RelayOptionsValidator().Validate(name: null, Options) is { Failed: true } invalid)
        {
            _problems.AddRange(invalid.Failures.Select(Locate));
        }

        _warnings.AddRange(RelayOptionsWarnings.Find(Options).Select(Locate));
    }

    /// <summary>The validator calls settings by their flags. Here they get the names that they have where they were set, and files their lines.</summary>
    private ConfigurationProblem Locate(string message)
    {
        var named = FlagsIn()
            .Matches(message)
            .Select(match => RelaySettings.All.FirstOrDefault(one => one.Flag == match.Value))
            .OfType<RelaySetting>();
        var values = named.Select(Find).OfType<RelayValue>().ToArray();
        var written = FlagsIn()
            .Replace(
                message,
                match =>
                    RelaySettings.All.FirstOrDefault(setting => setting.Flag == match.Value) is { } setting
                        ? NameOf(setting, values.FirstOrDefault())
                        : match.Value
            );
        var lines = values.Where(value => value.Origin != value.Name).Select(value => value.Origin).Distinct(StringComparer.Ordinal);
        return new ConfigurationProblem(string.Join(", ", lines), written);
    }

    /// <summary>One that is not set is called as whoever set the others would write it.</summary>
    private string NameOf(RelaySetting setting, RelayValue? neighbour) =>
        Find(setting)?.Name
        ?? (
            neighbour is null || neighbour.Name.StartsWith('-') ? setting.Flag
            : neighbour.Origin == neighbour.Name ? setting.Variable
            : setting.Key
        );

    [GeneratedRegex("--[a-z][a-z-]*[a-z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FlagsIn();
}
