using System.CommandLine;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Cli;

/// <summary>The options that set <see cref="RelaySettings"/>, and all that is set once they are read.</summary>
internal static class RelayFlags
{
    private const string FileVariable = "MCPR_RELAY_CONFIG";

    private static readonly Option<string?> s_file = new("--config")
    {
        HelpName = "file",
        Description = $"A file with settings; {RelayFile.DefaultPath} if there is one [{FileVariable}]",
        Recursive = true,
    };

    private static readonly Dictionary<RelaySetting, Option<string?>> s_options = RelaySettings.All.ToDictionary(
        setting => setting,
        setting => new Option<string?>(setting.Flag)
        {
            HelpName = setting.Kind.HelpName,
            Description = Describe(setting),
            // Commands that work on names and tokens, or ask a relay that runs, take where these are wherever it stands.
            Recursive =
                setting == RelaySettings.Data
                || setting == RelaySettings.Redis
                || setting == RelaySettings.RedisPassword
                || setting == RelaySettings.Admin
                || setting == RelaySettings.AdminToken,
        }
    );

    public static void AddTo(RootCommand command)
    {
        command.Add(s_file);
        foreach (var option in s_options.Values)
        {
            command.Add(option);
        }
    }

    /// <summary>For commands that take all settings and are below the root.</summary>
    public static void AddAllTo(Command command)
    {
        foreach (var option in s_options.Values.Where(option => !option.Recursive))
        {
            command.Add(option);
        }
    }

    public static RelayConfiguration Read(ParseResult result)
    {
        var chosen = result.GetValue(s_file) ?? Environment.GetEnvironmentVariable(FileVariable);
        return RelayConfiguration.Resolve(
            setting => result.GetValue(s_options[setting]),
            Environment.GetEnvironmentVariable,
            string.IsNullOrWhiteSpace(chosen) ? RelayFile.ReadUsual() : RelayFile.Read(chosen)
        );
    }

    /// <returns>The options, or null after saying everything that is wrong.</returns>
    public static RelayOptions? ReadOrReport(ParseResult result)
    {
        var configuration = Read(result);
        return Report(configuration) ? configuration.Options : null;
    }

    /// <returns>Whether nothing is wrong.</returns>
    public static bool Report(RelayConfiguration configuration)
    {
        foreach (var stray in StrayVariables.Find(Environment.GetEnvironmentVariables().Keys.Cast<string>(), FileVariable))
        {
            Say.Line($"warning: {stray}");
        }

        foreach (var problem in configuration.Problems)
        {
            Say.Line($"error: {problem}");
            if (problem.Hint is { } hint)
            {
                Say.Line($"hint: {hint}");
            }
        }

        return configuration.Problems.Count == 0;
    }

    /// <summary>For those who start the relay, or want to know what would happen then.</summary>
    public static void Warn(RelayConfiguration configuration)
    {
        foreach (var warning in configuration.Warnings)
        {
            Say.Line($"warning: {warning}");
        }
    }

    private static string Describe(RelaySetting setting)
    {
        var description = string.Concat(setting.Description[..1].ToUpperInvariant(), setting.Description.AsSpan(1));
        return setting.Default is { } byDefault
            ? $"{description}; {byDefault} if not given [{setting.Variable}]"
            : $"{description} [{setting.Variable}]";
    }
}
