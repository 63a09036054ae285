using System.CommandLine;
using Tunnel.Connector.Hosting;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Terminal;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr tunnel --mcp localhost:9000</c>: a public URL for a local MCP server, until Ctrl+C.</summary>
internal static class TunnelCommand
{
    /// <summary>How long Ctrl+C waits for exchanges under way; the second Ctrl+C does not.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    private const string Description = """
        Gives a local MCP server a public URL, the same one every time, until Ctrl+C. The URL is all that goes to standard output.

          mcpr tunnel --mcp localhost:9000 --relay https://tunnel.example.com
          mcpr tunnel --mcp 9000 --name my-server              with MCPR_RELAY set
          MCPR_TOKEN=$(cat token) mcpr tunnel --mcp 9000       where the relay wants a token
        """;

    private const string RelayVariable = "MCPR_RELAY";

    private static readonly Option<Uri?> s_mcp = new("--mcp")
    {
        HelpName = "address",
        Description = "The MCP server: 9000, localhost:9000 or http://host:port/path",
        Required = true,
        CustomParser = result => Parsed(result, UpstreamAddress.Parse),
    };

    private static readonly Option<Uri?> s_relay = new("--relay")
    {
        HelpName = "url",
        Description = $"The relay, such as https://tunnel.example.com [{RelayVariable}]",
        CustomParser = result => Parsed(result, RelayAddress.Parse),
    };

    private static readonly Option<string?> s_name = new("--name")
    {
        Description = "The name in the public URL [the same one as last time]",
    };

    private static readonly Option<int> s_upstreamTimeout = new("--upstream-timeout")
    {
        HelpName = "seconds",
        Description = "How long the server may take until it answers",
        DefaultValueFactory = _ => 300,
    };

    private delegate Uri? Parse(string text, out string? problem);

    public static Command Create()
    {
        s_upstreamTimeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() <= 0 || result.GetValueOrDefault<int>() > McpProxyOptions.MaxUpstreamTimeout.TotalSeconds)
            {
                result.AddError(
                    $"--upstream-timeout must be a positive number of seconds, at most {McpProxyOptions.MaxUpstreamTimeout.TotalSeconds}"
                );
            }
        });
        var command = new Command("tunnel", Description) { s_mcp, s_relay, s_name, s_upstreamTimeout };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken stopping)
    {
        var upstream = result.GetValue(s_mcp)!;
        var relay = result.GetValue(s_relay);
        if (relay is null && Environment.GetEnvironmentVariable(RelayVariable) is { Length: > 0 } variable)
        {
            relay = RelayAddress.Parse(variable, out var problem);
            if (relay is null)
            {
                return Refuse(ExitCodes.Usage, $"{RelayVariable}: {problem}", "it looks like https://tunnel.example.com");
            }
        }

        if (relay is null)
        {
            return Refuse(ExitCodes.Usage, "no relay to tunnel through", $"pass --relay URL or set {RelayVariable}");
        }

        TunnelSettings settings;
        try
        {
            settings = Settings(relay, upstream, result.GetValue(s_name));
        }
        catch (IdentityException unusable)
        {
            return Refuse(ExitCodes.Configuration, unusable.Message, unusable.Hint);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Refuse(
                ExitCodes.Configuration,
                $"cannot keep an identity: {unreadable.Message}",
                "set XDG_CONFIG_HOME to a folder of yours"
            );
        }

        var timeout = TimeSpan.FromSeconds(result.GetValue(s_upstreamTimeout));
        return await ServeAsync(settings, upstream, timeout, stopping);
    }

    private static TunnelSettings Settings(Uri relay, Uri upstream, string? name)
    {
        var identity = AnonymousIdentity.LoadOrCreate(UserFolders.Configuration());
        var project = identity.FingerprintOf(Project.Describe(Environment.CurrentDirectory, upstream));
        return new TunnelSettings(
            relay,
            AccountToken.FromEnvironment() ?? identity.CredentialFor(relay),
            new OpenTunnelRequest(TunnelProtocol.Version, ProductVersion.Current, name, project)
        );
    }

    private static async Task<int> ServeAsync(TunnelSettings settings, Uri upstream, TimeSpan upstreamTimeout, CancellationToken stopping)
    {
        var time = TimeProvider.System;
        await using var terminal = new TerminalWriter(Console.Out, Console.Error, upstream, settings.Relay, time);
        await using var listener = new TunnelListener();
        await using var app = ConnectorApplication.Build(
            proxy =>
            {
                proxy.Upstream = upstream;
                proxy.UpstreamTimeout = upstreamTimeout;
            },
            listener,
            terminal,
            DrainTimeout
        );
        await app.StartAsync(CancellationToken.None);

        var client = new TunnelClient(settings, new DataPlane(settings.Relay, listener, time), terminal, time);
        var refusal = await client.RunAsync(stopping);
        using var second = new SecondSignal();
        if (refusal is not null)
        {
            terminal.Fail($"{refusal.Message} [{refusal.Code}]", refusal.Hint);
        }
        else
        {
            terminal.Say("stopping; Ctrl+C again drops what is still running");
        }

        await app.StopAsync(CancellationToken.None);
        return refusal is null ? ExitCodes.Success : ExitCodeOf(refusal);
    }

    private static int ExitCodeOf(TunnelRefusal refusal) =>
        refusal.Code == ErrorCatalog.BadCredential.Code || refusal.Code == ErrorCatalog.AnonymousRefused.Code ? ExitCodes.NotAuthenticated
        : refusal.Code == ErrorCatalog.ConnectorTooOld.Code || refusal.Code == ErrorCatalog.RelayTooOld.Code ? ExitCodes.Failure
        : ExitCodes.NameRefused;

    private static int Refuse(int exitCode, string message, string hint)
    {
        Console.Error.WriteLine($"mcpr: error: {message}");
        Console.Error.WriteLine($"mcpr: hint: {hint}");
        return exitCode;
    }

    private static Uri? Parsed(System.CommandLine.Parsing.ArgumentResult result, Parse parse)
    {
        var uri = parse(result.Tokens[0].Value, out var problem);
        if (uri is null)
        {
            result.AddError(problem!);
        }

        return uri;
    }
}
