using System.CommandLine;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Remote;
using Tunnel.ProxyCore.Remote;
using Tunnel.ProxyCore.Remote.Login;

namespace Tunnel.Connector.Cli;

/// <summary>The options of <c>mcpr stdio</c>: how a server on the network is reached, and how it is logged in to.</summary>
internal static class StdioOptions
{
    private const string ClientSecretVariable = "MCPR_CLIENT_SECRET";

    /// <summary>Longer than any tool takes, in seconds.</summary>
    private const int MaxCallTimeout = 24 * 60 * 60;

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

    private static readonly Option<int> s_callTimeout = Within(
        new("--call-timeout")
        {
            HelpName = "seconds",
            Description = "How long nothing may be heard of a request",
            DefaultValueFactory = _ =>
                (int)
                    new RemoteServerOptions { Url = new Uri("http://localhost") }
                        .CallLimit
                        .TotalSeconds,
        },
        1,
        MaxCallTimeout
    );

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

    private static readonly Option<int> s_callbackPort = Within(
        new("--callback-port")
        {
            HelpName = "port",
            Description = "The port of 127.0.0.1 to which the login page leads back; a free one if not given",
        },
        0,
        ushort.MaxValue
    );

    private static readonly Option<bool> s_noBrowser = new("--no-browser")
    {
        Description = "Only print the URL of the login page, on standard error",
    };

    public static void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [s_headers, s_headerFile, s_transport, s_ca, s_callTimeout, s_clientId, s_clientSecretFile, s_callbackPort, s_noBrowser]
        )
        {
            command.Add(option);
        }
    }

    /// <exception cref="IdentityException">A header or a file cannot be used.</exception>
    public static RemoteServerOptions Read(ParseResult result, Uri url) =>
        new()
        {
            Url = url,
            Headers = RemoteHeaders.Read(
                result.GetValue(s_headers) ?? [],
                result.GetValue(s_headerFile),
                Environment.GetEnvironmentVariable
            ),
            Transport = result.GetValue(s_transport),
            CertificateCheck = RelayTrustSetting.Load(result.GetValue(s_ca), s_ca.Name, "the server").Validation,
            CallLimit = TimeSpan.FromSeconds(result.GetValue(s_callTimeout)),
        };

    /// <param name="result">The command line.</param>
    /// <param name="options">The server.</param>
    /// <param name="say">Tells the person.</param>
    /// <returns>Null where a header of the caller's does the same.</returns>
    /// <exception cref="IdentityException">The secret or the kept login cannot be used.</exception>
    public static OAuthLogin? NewLogin(ParseResult result, RemoteServerOptions options, Action<string> say)
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
                new LoginWindow(result.GetValue(s_callbackPort), opensBrowser: !result.GetValue(s_noBrowser), say),
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

    private static Option<int> Within(Option<int> option, int least, int most)
    {
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is var value && (value < least || value > most))
            {
                given.AddError($"{option.Name} is a number from {least} to {most}");
            }
        });
        return option;
    }
}
