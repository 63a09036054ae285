using System.CommandLine;
using Tunnel.Relay.Admin;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay drain</c>: what SIGTERM does, for those who are not on the machine.</summary>
internal static class DrainCommand
{
    private static readonly Option<bool> s_stay = new("--stay")
    {
        Description = "Do not stop: go on serving who does not leave, and take nobody new, until the relay is told to stop",
    };

    public static Command Create()
    {
        var drain = new Command("drain", "Sends connectors elsewhere, lets running requests end, and stops the relay")
        {
            s_stay,
            JsonOutput.Option,
        };
        drain.SetAction(
            (result, cancellationToken) =>
                AdminClient.UseAsync(
                    result,
                    relay =>
                        relay.PostAsync(
                            result.GetValue(s_stay) ? "/api/v1/drain?stay=true" : "/api/v1/drain",
                            AdminJson.Default.DrainState,
                            state =>
                                result.GetValue(JsonOutput.Option) ? JsonOutput.Write(state, AdminJson.Default.DrainState) : Show(state),
                            cancellationToken
                        )
                )
        );
        return drain;
    }

    private static int Show(DrainState state)
    {
        var what = $"draining {state.Tunnels} tunnels and {state.Requests} requests";
        return Say.Done(state.Stops ? $"{what}; the relay stops within {state.Seconds} seconds" : $"{what}; the relay stays");
    }
}
