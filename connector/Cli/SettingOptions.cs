using System.CommandLine;
using System.CommandLine.Parsing;
using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary>The options that set keys of <see cref="ConfigurationSchema"/>, the same for every command that starts something.</summary>
internal static class SettingOptions
{
    private static readonly Option<string?> s_config = new("--config")
    {
        HelpName = "file",
        Description = $"A file to read in place of the nearest {ConfigurationFolders.ProjectFileName}",
    };

    private static readonly Dictionary<ConfigurationEntry, Option> s_options = ConfigurationSchema
        .SettableByText.Where(entry => entry.Flag is not null)
        .ToDictionary(entry => entry, entry => entry is ConfigurationTables tables ? Create(tables) : Create((ConfigurationKey)entry));

    public static void AddTo(Command command, params ReadOnlySpan<ConfigurationKey> without)
    {
        foreach (var (entry, option) in s_options)
        {
            if (entry is not ConfigurationKey key || !without.Contains(key))
            {
                command.Add(option);
            }
        }

        command.Add(s_config);
    }

    /// <summary>For commands that ask a relay and start nothing.</summary>
    public static void AddRelayTo(Command command)
    {
        command.Add(s_options[ConfigurationSchema.Relay]);
        command.Add(s_options[ConfigurationSchema.RelayCa]);
        command.Add(s_config);
    }

    /// <summary>For commands that have no settings but what they tell of their workings.</summary>
    public static void AddLogTo(Command command)
    {
        command.Add(s_options[ConfigurationSchema.LogLevel]);
        command.Add(s_config);
    }

    /// <summary>For commands that need files only.</summary>
    public static void AddFileTo(Command command) => command.Add(s_config);

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

    private static Dictionary<ConfigurationEntry, string> Read(ParseResult result)
    {
        Dictionary<ConfigurationEntry, string> flags = [];
        foreach (var (entry, option) in s_options)
        {
            if (result.GetResult(option) is { Implicit: false } given)
            {
                flags[entry] = TextOf(given, SeparatorOf(entry));
            }
        }

        if (CommandArgument.Read(result) is { } command)
        {
            flags[ConfigurationSchema.Command] = command;
        }

        return flags;
    }

    private static Option Create(ConfigurationKey key)
    {
        Option option =
            key.Kind == ValueKinds.Switch ? new Option<bool>(key.Flag!)
            : key.Kind.IsList ? new Option<string[]>(key.Flag!)
            : new Option<string>(key.Flag!);
        option.HelpName = key.Kind.HelpName;
        option.Arity =
            key.Kind == ValueKinds.Switch || key.Kind == ValueKinds.Dashboard ? ArgumentArity.ZeroOrOne
            : key.Kind.IsList ? ArgumentArity.OneOrMore
            : ArgumentArity.ExactlyOne;
        return Complete(option, key, key.Default, key.VariableAlias ?? key.Variable);
    }

    private static Option Create(ConfigurationTables tables)
    {
        var option = new Option<string[]>(tables.Flag!) { HelpName = tables.ShortForm, Arity = ArgumentArity.OneOrMore };
        return Complete(option, tables, byDefault: null, tables.Variable);
    }

    private static Option Complete(Option option, ConfigurationEntry entry, string? byDefault, string variable)
    {
        var description = string.Concat(entry.Description[..1].ToUpperInvariant(), entry.Description.AsSpan(1));
        option.Description = byDefault is null or "false"
            ? $"{description} [{variable}]"
            : $"{description}; {byDefault} if not given [{variable}]";
        option.Validators.Add(given =>
        {
            if (entry.FindProblem(TextOf(given, SeparatorOf(entry))) is { } problem)
            {
                given.AddError($"{entry.Flag}: {problem}");
            }
        });
        return option;
    }

    private static char SeparatorOf(ConfigurationEntry entry) =>
        entry is ConfigurationTables ? ShortTables.Separator : ValueKind.ListSeparator;

    /// <summary>What stands behind the option; alone, a switch is on.</summary>
    private static string TextOf(OptionResult given, char separator) =>
        given.Tokens.Count == 0 ? "true" : string.Join(separator, given.Tokens.Select(token => token.Value));
}
