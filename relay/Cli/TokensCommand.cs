using System.CommandLine;
using System.Globalization;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Admin;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay tokens create|list|revoke</c>: works on the store, whether the relay runs or not.</summary>
internal static class TokensCommand
{
    private static readonly Option<string> s_name = new("--name")
    {
        HelpName = "name",
        Description = "Whom the token is for; names belong to this",
        Required = true,
    };
    private static readonly Option<string?> s_names = new("--names")
    {
        HelpName = "patterns",
        Description = "Names that it allows, such as 'alice-*,shop' [all]",
    };
    private static readonly Option<int?> s_maxTunnels = new("--max-tunnels")
    {
        HelpName = "number",
        Description = "Tunnels that may be open with it at once [--owner-max-tunnels of the relay]",
    };
    private static readonly Option<string?> s_expires = new("--expires")
    {
        HelpName = "duration",
        Description = "When it ends, counted from now, such as 90d [never]",
    };

    public static Command Create(RelayStores stores)
    {
        var create = new Command("create", "Creates a token and prints it, this once") { s_name, s_names, s_maxTunnels, s_expires };
        create.SetAction(
            (result, cancellationToken) => stores.UseTokensAsync(result, tokens => CreateTokenAsync(result, tokens, cancellationToken))
        );

        var list = new Command("list", "Lists the tokens: name, created, expires, names, tunnels") { JsonOutput.Option };
        list.SetAction(
            (result, cancellationToken) => stores.UseTokensAsync(result, tokens => ListAsync(result, tokens, cancellationToken))
        );

        var revoke = new Command("revoke", "Makes a token worthless and closes its tunnels") { s_name };
        revoke.SetAction(
            (result, cancellationToken) =>
                stores.UseTokensAsync(result, tokens => RevokeAsync(result.GetValue(s_name)!, tokens, cancellationToken))
        );

        return new Command("tokens", "Manages the tokens that connectors show") { create, list, revoke };
    }

    private static async Task<int> CreateTokenAsync(ParseResult result, ITokenStore tokens, CancellationToken cancellationToken)
    {
        var name = result.GetValue(s_name)!;
        if (!HolderName.IsOne(name))
        {
            return Say.Fail(ExitCodes.Usage, $"'{name}' cannot be the name of a token", HolderName.Hint);
        }

        if (NamePatterns.Parse(result.GetValue(s_names) ?? NamePatterns.Any.ToString()) is not { } patterns)
        {
            return Say.Fail(ExitCodes.Usage, "--names is no list of patterns", "such as --names 'alice-*,shop'");
        }

        if (result.GetValue(s_maxTunnels) is <= 0)
        {
            return Say.Fail(ExitCodes.Usage, "--max-tunnels is not positive", "leave it out for the limit of the relay");
        }

        TimeSpan? expires = null;
        if (result.GetValue(s_expires) is { } text)
        {
            if (!Durations.TryParse(text, out var duration) || duration == TimeSpan.Zero)
            {
                return Say.Fail(ExitCodes.Usage, $"--expires '{text}' is not a duration", "such as 90d or 12h");
            }

            expires = duration;
        }

        var now = TimeProvider.System.GetUtcNow();
        var token = Credential.NewToken();
        var record = new TokenRecord
        {
            Name = name,
            Names = patterns,
            MaxTunnels = result.GetValue(s_maxTunnels),
            CreatedAt = now,
            ExpiresAt = now + expires,
        };
        if (!await tokens.AddAsync(record, Credential.HashOf(token), cancellationToken))
        {
            return Say.Fail(
                ExitCodes.Failure,
                $"there is a token for '{name}' already",
                $"revoke it first: mcpr-relay tokens revoke --name {name}"
            );
        }

        await Console.Out.WriteLineAsync(token);
        Say.Line("it cannot be shown again; hand it over for: mcpr login");
        return ExitCodes.Success;
    }

    private static async Task<int> ListAsync(ParseResult result, ITokenStore tokens, CancellationToken cancellationToken)
    {
        if (result.GetValue(JsonOutput.Option))
        {
            var all = await tokens.ListAsync(cancellationToken);
            return JsonOutput.Write(new TokenList([.. all.Select(NameAdmin.Describe)]), AdminJson.Default.TokenList);
        }

        foreach (var token in await tokens.ListAsync(cancellationToken))
        {
            var tunnels = token.MaxTunnels?.ToString(CultureInfo.InvariantCulture) ?? "-";
            await Console.Out.WriteLineAsync(
                $"{token.Name}\t{Say.Time(token.CreatedAt)}\t{Say.Time(token.ExpiresAt)}\t{token.Names}\t{tunnels}"
            );
        }

        return ExitCodes.Success;
    }

    private static async Task<int> RevokeAsync(string name, ITokenStore tokens, CancellationToken cancellationToken)
    {
        if (!await tokens.RevokeAsync(name, cancellationToken))
        {
            return Say.Fail(ExitCodes.Failure, $"there is no token for '{name}'", "see mcpr-relay tokens list");
        }

        Say.Line($"revoked '{name}'; a relay that runs closes its tunnels within {CredentialWatch.Every.TotalSeconds} seconds");
        return ExitCodes.Success;
    }
}
