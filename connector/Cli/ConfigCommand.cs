using System.CommandLine;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr config show</c> and <c>mcpr config check</c>.</summary>
internal static class ConfigCommand
{
    private static readonly Option<bool> s_origin = new("--origin") { Description = "Say of every value who set it" };

    public static Command Create()
    {
        var show = new Command("show", "Prints every key with the value that counts, as a file would have it") { s_origin };
        SettingOptions.AddTo(show);
        show.SetAction(result => WithSettings(result, settings => Show(settings.Current, result.GetValue(s_origin))));

        var check = new Command("check", "Looks for mistakes in files and variables, without starting anything");
        SettingOptions.AddTo(check);
        check.SetAction(result => WithSettings(result, Check));
        return new Command("config", "Shows and checks the configuration") { show, check };
    }

    private static int WithSettings(ParseResult result, Func<LiveSettings, int> use)
    {
        using var settings = SettingOptions.Load(result, ConfigurationFolders.OfThisProcess(), out var refusal);
        if (settings is null)
        {
            return refusal!.Report();
        }

        if (settings.Problems.Count > 0)
        {
            return ProblemReport.Write(settings.Problems);
        }

        return use(settings);
    }

    private static int Show(Settings settings, bool withOrigin)
    {
        foreach (var line in SettingsText.Format(settings, withOrigin))
        {
            Console.Out.WriteLine(line);
        }

        return ExitCodes.Success;
    }

    private static int Check(LiveSettings settings)
    {
        if (SettingsChecks.FindContradiction(settings.Current) is { } contradiction)
        {
            return contradiction.Report();
        }

        foreach (var file in settings.Files)
        {
            Console.Error.WriteLine($"mcpr: {file.Path} is fine");
        }

        if (settings.Files.Count == 0)
        {
            Console.Error.WriteLine($"mcpr: there is no {ConfigurationFolders.ProjectFileName} here or above, and no other file");
        }

        return ExitCodes.Success;
    }
}
