using System.CommandLine;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr proxy --mcp localhost:9000 --port 3000</c>: the proxy on a port of this machine.</summary>
internal static class ProxyCommand
{
    private const string Description = """
        Puts the proxy on a local port. Its MCP URL is all that goes to standard output.

          mcpr proxy --mcp localhost:9000 --port 3000
          mcpr proxy --mcp 9000 --port 0                       on a free port
          mcpr proxy --mcp 9000 --port 3000 --tls-cert cert.pem --tls-key key.pem
        """;

    public static Command Create()
    {
        var command = new Command("proxy", Description);
        SettingOptions.AddTo(command, ConfigurationSchema.Relay, ConfigurationSchema.TunnelName, ConfigurationSchema.TunnelJoin);
        command.SetAction((result, stopping) => ConnectorRun.RunAsync(result, _ => RunMode.Local, stopping));
        return command;
    }
}
