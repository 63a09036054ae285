using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.AccessLog;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.State;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Team;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay</c> itself: runs the relay until it is told to stop.</summary>
internal static class RelayCommand
{
    public static RootCommand Create()
    {
        var command = new RootCommand(
            "Runs a tunnel relay for MCP servers. Options can also stand in a file or in the environment: --max-tunnels is max_tunnels and MCPR_RELAY_MAX_TUNNELS."
        )
        {
            ConfigCommand.Create(),
            TokensCommand.Create(new RelayStores(RelayFlags.ReadOrReport)),
            NamesCommand.Create(new RelayStores(RelayFlags.ReadOrReport)),
            DomainsCommand.Create(new RelayStores(RelayFlags.ReadOrReport)),
            ProjectsCommand.Create(new RelayStores(RelayFlags.ReadOrReport)),
            MembersCommand.Create(new RelayStores(RelayFlags.ReadOrReport)),
            AlertsCommand.Create(new RelayStores(RelayFlags.ReadOrReport)),
            TunnelsCommand.Create(),
            NodesCommand.Create(),
            DrainCommand.Create(),
        };
        RelayFlags.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(result, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        // A signal that comes before the command line library holds our task ends the program with 130 instead of stopping it.
        await Task.Yield();
        var configuration = RelayFlags.Read(result);
        if (!RelayFlags.Report(configuration))
        {
            return ExitCodes.Configuration;
        }

        RelayFlags.Warn(configuration);
        try
        {
            return await RunAsync(configuration.Options, cancellationToken);
        }
        catch (IOException inUse) when (inUse.InnerException is AddressInUseException)
        {
            return Say.Fail(ExitCodes.AddressInUse, inUse.Message, "stop the other program or choose another --listen or --admin");
        }
        catch (TlsSetupException unusable)
        {
            return Say.Fail(ExitCodes.Configuration, unusable.Message, unusable.Hint);
        }
        catch (AccessLogException unusable)
        {
            return Say.Fail(ExitCodes.Configuration, unusable.Message, AccessLogException.Hint);
        }
        catch (DataDirectoryException unusable)
        {
            return Say.Fail(ExitCodes.Configuration, unusable.Message, DataDirectoryException.Hint);
        }
    }

    private static async Task<int> RunAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        await using var app = RelayApplication.Build(options);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await TryStopAsync(app);
            throw;
        }

        // Port 0 has become a real one. Where other relays call comes last, and is nothing for anybody else.
        var urls = app.Urls.Take(options.ListenAddresses().Count).ToArray();
        options.Listen = string.Join(';', urls);
        await Console.Error.WriteLineAsync($"mcpr-relay: listening on {string.Join(", ", urls)}, tunnels at {options.OriginOf("NAME")}");
        if (options.Team.IsOn)
        {
            await Console.Error.WriteLineAsync($"mcpr-relay: team dashboard on {options.OriginOf(TeamOptions.Label)}");
        }

        if (options.Admin is { } admin)
        {
            await Console.Error.WriteLineAsync($"mcpr-relay: metrics and health on http://{admin.EndPoint}");
        }

        return await WaitForStopAsync(app, cancellationToken);
    }

    /// <summary>Parts that have begun already end in their order, and do not count as failed.</summary>
    private static async Task TryStopAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // The host cannot be stopped before its parts are there. Why it did not start is what counts.
        }
    }

    /// <returns>The exit code.</returns>
    private static async Task<int> WaitForStopAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var stop = app.Services.GetRequiredService<StopRequest>();
        await using var signal = cancellationToken.Register(stop.Tell);
        await stop.WhenTold;
        if (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The host ends itself when a part of it has failed. Tunnels are closed by then, and there is nothing left to drain.
            await app.StopAsync(CancellationToken.None);
            return Say.Fail(ExitCodes.Failure, "a part of the relay has failed, and ended it", "the log says which; start the relay again");
        }

        // Another signal means that waiting is over.
        using var hurry = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => hurry.Cancel());
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => hurry.Cancel());
        await app.Services.GetRequiredService<RelayDrain>().RunAsync(hurry.Token);
        await app.StopAsync(CancellationToken.None);
        return ExitCodes.Success;
    }

    /// <summary>How long a signal may take to end the program.</summary>
    public static TimeSpan StopLimitOf(ParseResult result)
    {
        var options = RelayFlags.Read(result).Options;
        return options.DrainDelay + options.DrainLimit + RelayApplication.ShutdownTimeout + TimeSpan.FromSeconds(1);
    }
}
