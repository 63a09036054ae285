using System.CommandLine;

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

        var command = result.CommandResult.Command;
        Console.Error.WriteLine($"mcpr: hint: {(command is RootCommand ? "mcpr --help" : $"mcpr {command.Name} --help")}");
        return ExitCodes.Usage;
    }
}
