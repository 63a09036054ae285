using System.CommandLine;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay config show</c> and <c>mcpr-relay config check</c>.</summary>
internal static class ConfigCommand
{
    private static readonly Option<bool> s_origin = new("--origin") { Description = "Say of every value who set it" };

    public static Command Create()
    {
        var show = new Command("show", "Prints every setting with the value that counts, as a file would have it") { s_origin };
        RelayFlags.AddAllTo(show);
        show.SetAction(result => WithConfiguration(result, configuration => Show(configuration, result.GetValue(s_origin))));

        var check = new Command("check", "Looks for mistakes in file, variables and options, without starting anything");
        RelayFlags.AddAllTo(check);
        check.SetAction(result => WithConfiguration(result, Check));
        return new Command("config", "Shows and checks the settings") { show, check };
    }

    private static int WithConfiguration(ParseResult result, Func<RelayConfiguration, int> use)
    {
        var configuration = RelayFlags.Read(result);
        return RelayFlags.Report(configuration) ? use(configuration) : ExitCodes.Configuration;
    }

    private static int Show(RelayConfiguration configuration, bool withOrigin)
    {
        foreach (var setting in RelaySettings.All)
        {
            Console.Out.WriteLine(Format(setting, configuration.Find(setting), withOrigin));
        }

        return ExitCodes.Success;
    }

    private static string Format(RelaySetting setting, RelayValue? value, bool withOrigin)
    {
        if ((value?.Text ?? setting.Default) is not { } text)
        {
            return $"# {setting.Key} is not set";
        }

        var line = $"{setting.Key} = {TomlText.Of(setting.Kind, text)}";
        return withOrigin ? $"{line}  # {TomlText.Printable(value?.Origin ?? "default")}" : line;
    }

    private static int Check(RelayConfiguration configuration)
    {
        RelayFlags.Warn(configuration);
        Say.Line(
            configuration.File is { } file
                ? $"{file.Path} is fine"
                : $"there is no {RelayFile.DefaultPath}, and nothing wrong with the rest"
        );
        return ExitCodes.Success;
    }
}
