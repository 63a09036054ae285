using System.CommandLine;
using Tunnel.Relay.Admin;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay tunnels list|kick</c>: what is open on a relay that runs.</summary>
internal static class TunnelsCommand
{
    private static readonly Argument<string> s_name = new("name") { Description = "The name, as in the public URL" };

    public static Command Create()
    {
        var list = new Command("list", "Lists the open tunnels of this relay: name, owner, since, address, requests, connections")
        {
            JsonOutput.Option,
        };
        list.SetAction(
            (result, cancellationToken) =>
                AdminClient.UseAsync(
                    result,
                    relay =>
                        relay.GetAsync(
                            "/api/v1/tunnels",
                            AdminJson.Default.TunnelList,
                            tunnels =>
                                result.GetValue(JsonOutput.Option)
                                    ? JsonOutput.Write(tunnels, AdminJson.Default.TunnelList)
                                    : Show(tunnels),
                            cancellationToken
                        )
                )
        );

        var kick = new Command("kick", "Closes the tunnel of a name; its connector stays away until somebody starts it again") { s_name };
        kick.SetAction(
            (result, cancellationToken) =>
                AdminClient.UseAsync(
                    result,
                    relay =>
                        relay.PostAsync(
                            $"/api/v1/tunnels/{Uri.EscapeDataString(result.GetValue(s_name)!)}/kick",
                            AdminJson.Default.KickResult,
                            kicked => Say.Done($"closed {kicked.Closed} tunnels of {kicked.Name}"),
                            cancellationToken
                        )
                )
        );
        return new Command("tunnels", "Shows and closes the tunnels of a relay that runs") { list, kick };
    }

    private static int Show(TunnelList list)
    {
        foreach (var tunnel in list.Tunnels)
        {
            Console.Out.WriteLine(
                $"{tunnel.Name}\t{tunnel.Owner}\t{Say.Time(tunnel.Since)}\t{tunnel.Address ?? "-"}\t{tunnel.Requests}\t{tunnel.Connections}"
            );
        }

        return ExitCodes.Success;
    }
}
