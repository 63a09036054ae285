using System.CommandLine;
using System.CommandLine.Parsing;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary>The program to run and its arguments, behind everything that is meant for mcpr.</summary>
internal static class CommandArgument
{
    public static readonly Argument<string[]> Instance = new("command")
    {
        Description = "The program and its arguments, best behind --",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The program as a text of the configuration; null where the command takes none, or got none.</summary>
    public static string? Read(ParseResult result) =>
        result.GetResult(Instance) is { Tokens.Count: > 0 } given ? CommandWords.Join(given.Tokens.Select(token => token.Value)) : null;

    /// <summary>
    /// Puts <c>--</c> in front of the program where people left it out: what follows is the program's, even if we have an option of that name.
    /// </summary>
    /// <param name="arguments">All that was typed.</param>
    /// <param name="root">The commands there are.</param>
    public static string[] Separate(string[] arguments, Command root)
    {
        var command = root.Subcommands.FirstOrDefault(one => arguments.Length > 0 && one.Name == arguments[0]);
        if (command is null || !command.Arguments.Contains(Instance))
        {
            return arguments;
        }

        for (var index = 1; index < arguments.Length; index++)
        {
            var word = arguments[index];
            if (word == "--")
            {
                return arguments;
            }

            if (word is not ['-', _, ..])
            {
                return [.. arguments[..index], "--", .. arguments[index..]];
            }

            var ours = command.Options.FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word));
            var takesNext = ours is null
                ? command.Name == "serve" && FamiliarOptions.TakesNext(word)
                : ours.Arity.MinimumNumberOfValues > 0;
            index += takesNext ? 1 : 0;
        }

        return arguments;
    }
}
