using System.CommandLine;
using System.CommandLine.Parsing;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary>The options that set keys of <see cref="ConfigurationSchema"/>, the same for every command that starts something.</summary>
internal static class SettingOptions
{
    private static readonly Option<string?> s_config = new("--config")
    {
        HelpName = "file",
        Description = $"A file to read in place of the nearest {ConfigurationFolders.ProjectFileName}",
    };

    private static readonly Dictionary<ConfigurationKey, Option> s_options = ConfigurationSchema
        .Keys.Where(key => key.Flag is not null)
        .ToDictionary(key => key, Create);

    public static void AddTo(Command command, params ReadOnlySpan<ConfigurationKey> without)
    {
        foreach (var (key, option) in s_options)
        {
            if (!without.Contains(key))
            {
                command.Add(option);
            }
        }

        command.Add(s_config);
    }

    /// <summary>Reads all layers. Whoever gets the settings asks for their problems first.</summary>
    /// <returns>The settings, or null with a file that is not there.</returns>
    public static LiveSettings? Load(ParseResult result, ConfigurationFolders folders, out Refusal? refusal)
    {
        var chosen = result.GetValue(s_config);
        refusal =
            chosen is null || File.Exists(Path.GetFullPath(chosen, folders.Working))
                ? null
                : new Refusal(ExitCodes.Configuration, $"{chosen} is not there", "--config names a file, such as mcpr.toml");
        return refusal is null ? new LiveSettings(folders.FindFiles(chosen), EnvironmentProvider.OfThisProcess(), Read(result)) : null;
    }

    private static Dictionary<ConfigurationKey, string> Read(ParseResult result)
    {
        Dictionary<ConfigurationKey, string> flags = [];
        foreach (var (key, option) in s_options)
        {
            if (result.GetResult(option) is { Implicit: false } given)
            {
                flags[key] = TextOf(given);
            }
        }

        return flags;
    }

    private static Option Create(ConfigurationKey key)
    {
        var description = string.Concat(key.Description[..1].ToUpperInvariant(), key.Description.AsSpan(1));
        var variable = key.VariableAlias ?? key.Variable;
        Option option =
            key.Kind == ValueKinds.Switch ? new Option<bool>(key.Flag!)
            : key.Kind.IsList ? new Option<string[]>(key.Flag!)
            : new Option<string>(key.Flag!);
        option.Description = key.Default is null or "false"
            ? $"{description} [{variable}]"
            : $"{description}; {key.Default} if not given [{variable}]";
        option.HelpName = key.Kind.HelpName;
        option.Arity =
            key.Kind == ValueKinds.Switch ? ArgumentArity.ZeroOrOne
            : key.Kind.IsList ? ArgumentArity.OneOrMore
            : ArgumentArity.ExactlyOne;
        option.Validators.Add(given =>
        {
            if (key.Kind.FindProblem(TextOf(given)) is { } problem)
            {
                given.AddError($"{key.Flag}: {problem}");
            }
        });
        return option;
    }

    /// <summary>What stands behind the option; alone, a switch is on.</summary>
    private static string TextOf(OptionResult given) =>
        given.Tokens.Count == 0 ? "true" : string.Join(ValueKind.ListSeparator, given.Tokens.Select(token => token.Value));
}
