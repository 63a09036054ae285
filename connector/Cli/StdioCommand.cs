using System.CommandLine;
using Microsoft.Extensions.Logging;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Logging;
using Tunnel.Connector.Remote;
using Tunnel.ProxyCore.Remote;
using Tunnel.ProxyCore.Remote.Login;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr stdio URL</c>: a server on the network for clients that only start programs.</summary>
internal static class StdioCommand
{
    private const string Description = """
        Speaks over standard input and output for an MCP server on the network, so that clients which only start programs can use it.
        Standard output has messages and nothing else.

          mcpr stdio https://mcp.example.com/mcp
          mcpr stdio https://mcp.example.com/mcp --header 'Authorization: Bearer ${TOKEN}'
          mcpr stdio https://mcp.example.com/sse --transport sse
        """;

    private const string ClientSecretVariable = "MCPR_CLIENT_SECRET";

    private static readonly Argument<string> s_url = new("url") { Description = "The MCP endpoint" };

    private static readonly Option<string[]> s_headers = new("--header")
    {
        HelpName = "NAME: VALUE",
        Description = "A header for every request, with ${VARIABLE} or @FILE where it is a secret; can be given more than once",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> s_headerFile = new("--header-file")
    {
        HelpName = "file",
        Description = "A file with headers, a line each, that only you can read",
    };

    private static readonly Option<RemoteTransport> s_transport = new("--transport")
    {
        HelpName = "auto|http|sse",
        Description = "auto (Streamable HTTP, and HTTP+SSE where the server is an older one), http or sse; auto if not given",
    };

    private static readonly Option<string?> s_ca = new("--ca")
    {
        HelpName = "file",
        Description = "PEM file with the only authorities that may have issued the server's certificate",
    };

    private static readonly Option<int> s_callTimeout = new("--call-timeout")
    {
        HelpName = "seconds",
        Description = "How long nothing may be heard of a request",
        DefaultValueFactory = _ =>
            (int)
                new RemoteServerOptions { Url = new Uri("http://localhost") }
                    .CallLimit
                    .TotalSeconds,
    };

    private static readonly Option<string?> s_clientId = new("--client-id")
    {
        HelpName = "id",
        Description = "The client that the server's authorization server knows, or the URL of its document; registered anew if not given",
    };

    private static readonly Option<string?> s_clientSecretFile = new("--client-secret-file")
    {
        HelpName = "file",
        Description = $"A file with the secret of --client-id, that only you can read [{ClientSecretVariable}]",
    };

    private static readonly Option<int> s_callbackPort = new("--callback-port")
    {
        HelpName = "port",
        Description = "The port of 127.0.0.1 to which the login page leads back; a free one if not given",
    };

    private static readonly Option<bool> s_noBrowser = new("--no-browser")
    {
        Description = "Only print the URL of the login page, on standard error",
    };

    public static Command Create()
    {
        var command = new Command("stdio", Description)
        {
            s_url,
            s_headers,
            s_headerFile,
            s_transport,
            s_ca,
            s_callTimeout,
            s_clientId,
            s_clientSecretFile,
            s_callbackPort,
            s_noBrowser,
        };
        SettingOptions.AddLogTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken stopping)
    {
        // A signal that comes before the command line library holds our task ends the program with 130 instead of stopping it.
        await Task.Yield();
        using var live = SettingOptions.Load(result, ConfigurationFolders.OfThisProcess(), out var refusal);
        if (live is null)
        {
            return refusal!.Report();
        }

        if (live.Problems.Count > 0)
        {
            return ProblemReport.Write(live.Problems);
        }

        try
        {
            return await RunAsync(result, live, stopping);
        }
        catch (IdentityException unusable)
        {
            return new Refusal(ExitCodes.Configuration, unusable.Message, unusable.Hint).Report();
        }
    }

    private static async Task<int> RunAsync(ParseResult result, LiveSettings live, CancellationToken stopping)
    {
        if (RemoteAddress.Parse(result.GetRequiredValue(s_url)) is not { } url)
        {
            return new Refusal(
                ExitCodes.Usage,
                $"{result.GetValue(s_url)} is not the URL of a server",
                "mcpr stdio https://mcp.example.com/mcp"
            ).Report();
        }

        var options = new RemoteServerOptions
        {
            Url = url,
            Headers = RemoteHeaders.Read(
                result.GetValue(s_headers) ?? [],
                result.GetValue(s_headerFile),
                Environment.GetEnvironmentVariable
            ),
            Transport = result.GetValue(s_transport),
            CertificateCheck = RelayTrustSetting.Load(result.GetValue(s_ca), "--ca", "the server").Validation,
            CallLimit = TimeSpan.FromSeconds(result.GetValue(s_callTimeout)),
        };
        using var login = NewLogin(result, options);
        using var log = new TerminalLog(Say, live);
        using var logs = new LoggerFactory([log]);
        await using var output = Console.OpenStandardOutput();
        await using var server = new RemoteServer(options, output, login, TimeProvider.System, logs.CreateLogger<RemoteServer>());
        await server.RunAsync(Console.OpenStandardInput(), stopping);
        return ExitCodes.Success;
    }

    /// <returns>Null where a header of the caller's does the same.</returns>
    private static OAuthLogin? NewLogin(ParseResult result, RemoteServerOptions options)
    {
        if (options.Headers.Any(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var secretFile = result.GetValue(s_clientSecretFile);
        try
        {
            return new OAuthLogin(
                new OAuthLoginOptions
                {
                    Url = options.Url,
                    ClientId = result.GetValue(s_clientId),
                    ClientSecret = secretFile is null
                        ? Environment.GetEnvironmentVariable(ClientSecretVariable)
                        : SecretFile.Read(secretFile, $"chmod 600 {secretFile}").Trim(),
                },
                Path.Combine(UserFolders.Configuration(), "logins"),
                new LoginWindow(result.GetValue(s_callbackPort), opensBrowser: !result.GetValue(s_noBrowser), Say),
                options.CertificateCheck,
                TimeProvider.System
            );
        }
        catch (RemoteLoginException unusable)
        {
            throw new IdentityException(unusable.Message, "the next run asks for a login then");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException(unreadable.Message, "check --client-secret-file and the folder of mcpr's files");
        }
    }

    private static void Say(string line) => Console.Error.WriteLine($"mcpr: {line}");
}
