using System.CommandLine;
using Tunnel.Relay.Admin;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay nodes list</c>: the relays of a cluster, as one that runs sees them.</summary>
internal static class NodesCommand
{
    public static Command Create()
    {
        var list = new Command("list", "Lists the relays that share a Redis: node, URL for connectors, tunnels, and which one answers")
        {
            JsonOutput.Option,
        };
        list.SetAction(
            (result, cancellationToken) =>
                AdminClient.UseAsync(
                    result,
                    relay =>
                        relay.GetAsync(
                            "/api/v1/nodes",
                            AdminJson.Default.NodeList,
                            nodes => result.GetValue(JsonOutput.Option) ? JsonOutput.Write(nodes, AdminJson.Default.NodeList) : Show(nodes),
                            cancellationToken
                        )
                )
        );
        return new Command("nodes", "Shows the relays of a cluster") { list };
    }

    private static int Show(NodeList list)
    {
        foreach (var node in list.Nodes)
        {
            Console.Out.WriteLine($"{node.Node}\t{node.Url ?? "-"}\t{node.Tunnels}\t{(node.IsThis ? "this" : "-")}");
        }

        return ExitCodes.Success;
    }
}
