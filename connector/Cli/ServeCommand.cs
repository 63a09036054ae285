using System.CommandLine;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr serve -- npx -y @scope/server</c>: a server that speaks over standard input and output, on a local port.</summary>
internal static class ServeCommand
{
    /// <summary>The port where none is given, as with other bridges.</summary>
    public const int DefaultPort = 8080;

    private const string Description = """
        Runs an MCP server that speaks over standard input and output, and puts it on the web: at /mcp for Streamable HTTP, and at /sse
        for older clients. The URL is all that goes to standard output.

          mcpr serve -- npx -y @modelcontextprotocol/server-everything
          mcpr serve --port 3000 -- uvx mcp-server-fetch
          mcpr tunnel -- npx -y @scope/server                  with a public URL
        """;

    public static Command Create()
    {
        var command = new Command("serve", Description);
        SettingOptions.AddTo(command, ConfigurationSchema.Relay, ConfigurationSchema.TunnelName, ConfigurationSchema.Mcp);
        command.Add(CommandArgument.Instance);
        command.SetAction((result, stopping) => ConnectorRun.RunAsync(result, _ => RunMode.Local, stopping, DefaultPort));
        return command;
    }
}
