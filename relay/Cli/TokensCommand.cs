using System.CommandLine;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay tokens create|list|revoke</c>: works on the data folder, whether the relay runs or not.</summary>
internal static class TokensCommand
{
    private const int MaxNameLength = 64;

    public static Command Create(Func<ParseResult, RelayOptions?> resolve)
    {
        var name = new Argument<string>("name") { Description = "Whom the token is for" };
        var create = new Command("create", "Creates a token and prints it, this once") { name };
        create.SetAction(result => With(resolve(result), tokens => CreateToken(tokens, result.GetValue(name)!)));

        var list = new Command("list", "Lists the tokens by name");
        list.SetAction(result => With(resolve(result), ListTokens));

        var revoke = new Command("revoke", "Makes a token worthless") { name };
        revoke.SetAction(result => With(resolve(result), tokens => RevokeToken(tokens, result.GetValue(name)!)));

        return new Command("tokens", "Manages the tokens that connectors show") { create, list, revoke };
    }

    private static int With(RelayOptions? options, Func<TokenStore, int> action)
    {
        if (options is null)
        {
            return ExitCodes.Configuration;
        }

        try
        {
            return action(new TokenStore(new RelayDatabase(options), TimeProvider.System));
        }
        catch (DataDirectoryException unusable)
        {
            Console.Error.WriteLine($"mcpr-relay: error: {unusable.Message}");
            Console.Error.WriteLine($"mcpr-relay: hint: {DataDirectoryException.Hint}");
            return ExitCodes.Configuration;
        }
    }

    private static int CreateToken(TokenStore tokens, string name)
    {
        if (
            name.Length is 0 or > MaxNameLength
            || name.Any(character => !char.IsAsciiLetterOrDigit(character) && !"-_.@".Contains(character))
        )
        {
            Console.Error.WriteLine($"mcpr-relay: error: '{name}' cannot be the name of a token");
            Console.Error.WriteLine($"mcpr-relay: hint: 1 to {MaxNameLength} of letters, digits and - _ . @");
            return ExitCodes.Usage;
        }

        if (tokens.Create(name) is not { } token)
        {
            Console.Error.WriteLine($"mcpr-relay: error: there is a token for '{name}' already");
            Console.Error.WriteLine($"mcpr-relay: hint: revoke it first: mcpr-relay tokens revoke {name}");
            return ExitCodes.Failure;
        }

        Console.Out.WriteLine(token);
        Console.Error.WriteLine("mcpr-relay: it cannot be shown again; hand it over as MCPR_TOKEN");
        return ExitCodes.Success;
    }

    private static int ListTokens(TokenStore tokens)
    {
        foreach (var (name, createdAt) in tokens.List())
        {
            Console.Out.WriteLine($"{name}\t{createdAt:yyyy-MM-dd HH:mm:ss}Z");
        }

        return ExitCodes.Success;
    }

    private static int RevokeToken(TokenStore tokens, string name)
    {
        if (tokens.Revoke(name))
        {
            Console.Error.WriteLine($"mcpr-relay: revoked '{name}'; tunnels that it has open now stay until they reconnect");
            return ExitCodes.Success;
        }

        Console.Error.WriteLine($"mcpr-relay: error: there is no token for '{name}'");
        return ExitCodes.Failure;
    }
}
