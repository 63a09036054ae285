using System.CommandLine;
using System.CommandLine.Parsing;

namespace Tunnel.Connector.Cli;

/// <summary>A command line that cannot be understood: what is wrong and where to look, on stderr, without the whole help.</summary>
internal static class UsageError
{
    public static int Report(ParseResult result)
    {
        foreach (var error in result.Errors)
        {
            Console.Error.WriteLine($"mcpr: error: {error.Message}");
        }

        Console.Error.WriteLine($"mcpr: hint: {NameOf(result.CommandResult)} --help");
        return ExitCodes.Usage;
    }

    /// <summary>The command with those above it: <c>mcpr config show</c>.</summary>
    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult above ? $"{NameOf(above)} {command.Command.Name}" : "mcpr";
}
