using System.CommandLine;

namespace Tunnel.Relay.Cli;

/// <summary>A command line that cannot be understood: what is wrong and where to look, on stderr, without the whole help.</summary>
internal static class UsageError
{
    public static int Report(ParseResult result)
    {
        foreach (var error in result.Errors)
        {
            Console.Error.WriteLine($"mcpr-relay: error: {error.Message}");
        }

        Console.Error.WriteLine("mcpr-relay: hint: mcpr-relay --help");
        return ExitCodes.Usage;
    }
}
