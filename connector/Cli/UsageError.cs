using System.CommandLine;
using System.CommandLine.Invocation;

namespace Tunnel.Connector.Cli;

/// <summary>A command line that cannot be understood: what is wrong and where to look, on stderr, without the whole help.</summary>
internal sealed class UsageError : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        foreach (var error in parseResult.Errors)
        {
            Console.Error.WriteLine($"mcpr: error: {error.Message}");
        }

        var command = parseResult.CommandResult.Command;
        Console.Error.WriteLine($"mcpr: hint: {(command is RootCommand ? "mcpr --help" : $"mcpr {command.Name} --help")}");
        return ExitCodes.Usage;
    }
}
