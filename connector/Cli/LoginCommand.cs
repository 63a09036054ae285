using System.CommandLine;
using Tunnel.Connector.Accounts;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Tunneling;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr login --relay URL</c>: keeps a token for a relay. It comes on standard input or from a file, never as an argument.</summary>
internal static class LoginCommand
{
    private static readonly Option<string?> s_tokenFile = new("--token-file")
    {
        HelpName = "file",
        Description = "A file with the token; standard input if not given",
    };

    public static Command Create()
    {
        var command = new Command("login", "Keeps a token for a relay, read from standard input or a file") { s_tokenFile };
        SettingOptions.AddRelayTo(command);
        command.SetAction(
            (result, stopping) =>
                RelayQuery.RunAsync(result, (relay, trust) => LogInAsync(relay, trust, result.GetValue(s_tokenFile), stopping))
        );
        return command;
    }

    private static async Task LogInAsync(Uri relay, RelayTrust trust, string? file, CancellationToken stopping)
    {
        var token =
            AccountToken.Parse(await ReadAsync(file, stopping), file ?? "standard input")
            ?? throw new IdentityException("there is no token", "pipe it in, or name its file with --token-file");

        // A token that the relay does not know would only be found out at the next tunnel.
        using var api = new RelayApi(relay, token, trust);
        var account = await api.WhoAmIAsync(stopping);
        new SavedTokens(UserFolders.Configuration()).Save(relay, token);
        await Console.Error.WriteLineAsync($"mcpr: logged in at {relay.Authority} as {Terminal.PlainText.Of(account.Owner, 200)}");
        if (AccountToken.FromEnvironment() is not null)
        {
            await Console.Error.WriteLineAsync($"mcpr: {AccountToken.Variable} is set and comes first");
        }
    }

    private static async Task<string?> ReadAsync(string? file, CancellationToken stopping)
    {
        if (file is not null)
        {
            return await File.ReadAllTextAsync(file, stopping);
        }

        if (Console.IsInputRedirected)
        {
            return await Console.In.ReadLineAsync(stopping);
        }

        await Console.Error.WriteAsync("token: ");
        return ReadUnseen();
    }

    /// <summary>A line from the keyboard that does not show on the screen.</summary>
    private static string ReadUnseen()
    {
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                typed.Append(key.KeyChar);
            }
            else if (typed.Length > 0)
            {
                typed.Length--;
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
