using System.CommandLine;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr tunnel --mcp localhost:9000</c>: a public URL for a local MCP server, until Ctrl+C.</summary>
internal static class TunnelCommand
{
    private const string Description = """
        Gives a local MCP server a public URL, the same one every time, until Ctrl+C. The URL is all that goes to standard output.

          mcpr tunnel --mcp localhost:9000 --relay https://tunnel.example.com
          mcpr tunnel --mcp 9000 --name my-server              with MCPR_RELAY set
          mcpr tunnel --mcp 9000 --port 3000                   and on a local port as well
          mcpr tunnel -- npx -y @scope/server                  a server that speaks over standard input and output
          MCPR_TOKEN=$(cat token) mcpr tunnel --mcp 9000       where the relay wants a token
        """;

    public static Command Create()
    {
        var command = new Command("tunnel", Description);
        SettingOptions.AddTo(command);
        command.Add(CommandArgument.Instance);
        command.SetAction((result, stopping) => ConnectorRun.RunAsync(result, Choose, stopping));
        return command;
    }

    private static RunMode Choose(Settings settings) =>
        settings.Has(ConfigurationSchema.Port) ? RunMode.Tunnel | RunMode.Local : RunMode.Tunnel;
}
