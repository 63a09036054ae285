using System.CommandLine;
using Microsoft.Extensions.Logging;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Logging;
using Tunnel.Connector.Remote;
using Tunnel.ProxyCore.Remote;

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

    private static readonly Argument<string> s_url = new("url") { Description = "The MCP endpoint" };

    public static Command Create()
    {
        var command = new Command("stdio", Description) { s_url };
        StdioOptions.AddTo(command);
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

        var options = StdioOptions.Read(result, url);
        if (
            url is { Scheme: "http", IsLoopback: false }
            && !url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            && options.Headers.Count > 0
        )
        {
            Say($"warning: headers travel to {url.Authority} without TLS");
        }

        using var login = StdioOptions.NewLogin(result, options, Say);
        using var log = new TerminalLog(Say, live);
        using var logs = new LoggerFactory([log]);
        await using var output = Console.OpenStandardOutput();
        await using var server = new RemoteServer(options, output, login, TimeProvider.System, logs.CreateLogger<RemoteServer>());
        await server.RunAsync(Console.OpenStandardInput(), stopping);
        return ExitCodes.Success;
    }

    private static void Say(string line) => Console.Error.WriteLine($"mcpr: {line}");
}
