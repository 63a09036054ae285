using System.CommandLine;
using Tunnel.Connector.Cli.Csp;
using Tunnel.Connector.Cli.History;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr --mcp localhost:9000 --port 3000</c>, or all of it from mcpr.toml.</summary>
internal static class BareCommand
{
    private const string Description = """
        Puts a proxy that understands MCP, and a public URL, in front of your MCP server.

          mcpr --mcp localhost:9000 --port 3000                          a local port: mcpr proxy
          mcpr --mcp localhost:9000 --relay https://tunnel.example.com   a public URL: mcpr tunnel
          mcpr serve -- npx -y @scope/server                             a server that speaks over standard input and output
          mcpr stdio https://mcp.example.com/mcp                         a server on the network, for clients that only start programs
          mcpr logs -f                                                   what happened, and what happens
          mcpr config show --origin                                      what is set, and by whom
        """;

    public static RootCommand Create()
    {
        var command = new RootCommand(Description)
        {
            ProxyCommand.Create(),
            ServeCommand.Create(),
            TunnelCommand.Create(),
            StdioCommand.Create(),
            NamesCommand.Create(),
            LoginCommand.Create(),
            LogoutCommand.Create(),
            WhoAmICommand.Create(),
            ConfigCommand.Create(),
            CspCommand.Create(),
            LogsCommand.Create(),
            StatsCommand.Create(),
            SlowCommand.Create(),
            ErrorsCommand.Create(),
            SessionsCommand.Create(),
            ClientsCommand.Create(),
        };
        SettingOptions.AddTo(command);
        command.SetAction((result, stopping) => ConnectorRun.RunAsync(result, Choose, stopping));
        return command;
    }

    /// <summary>A relay that a file or variable names is where tunnels go; with a port that is not yet the wish to be public.</summary>
    public static RunMode Choose(Settings settings)
    {
        var local = settings.Has(ConfigurationSchema.Port) ? RunMode.Local : RunMode.None;
        return settings.Find(ConfigurationSchema.Relay) switch
        {
            { Source: SettingSource.Flag } => local | RunMode.Tunnel,
            not null when local == RunMode.None => RunMode.Tunnel,
            _ => local,
        };
    }
}
