using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Tunnel.Connector.Cli.History;
using Tunnel.Connector.Cloud;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Hosting;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Telemetry;
using Tunnel.Connector.Terminal;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Admin;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Dashboard;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.Connector.Cli;

/// <summary>A run of the proxy, from the command line to the exit code: with a local port, through a tunnel, or both.</summary>
internal static class ConnectorRun
{
    /// <summary>How long Ctrl+C waits for exchanges under way; the second Ctrl+C does not.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    /// <param name="result">The command line.</param>
    /// <param name="choose">Where calls shall come from, given the settings.</param>
    /// <param name="stopping">Ctrl+C.</param>
    /// <param name="defaultPort">The local port where the settings have none.</param>
    public static async Task<int> RunAsync(
        ParseResult result,
        Func<Settings, RunMode> choose,
        CancellationToken stopping,
        int? defaultPort = null
    )
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

        var mode = choose(live.Current);
        return (SettingsChecks.Find(live.Current, mode, defaultPort) is { } lacking)
            ? lacking.Report()
            : await RunAsync(live, mode, defaultPort, stopping);
    }

    private static async Task<int> RunAsync(LiveSettings live, RunMode mode, int? defaultPort, CancellationToken stopping)
    {
        var settings = live.Current;
        McpServerOptions[] servers = [.. ProxySettings.ServersOf(settings)];
        TunnelSettings? tunnel = null;
        if (mode.HasFlag(RunMode.Tunnel))
        {
            tunnel = TunnelIdentity.Resolve(settings, out var refusal);
            if (tunnel is null)
            {
                return refusal!.Report();
            }
        }

        if (CallerKeys.Read(settings, out var lacking) is not { } keys)
        {
            return lacking!.Report();
        }

        var apiKeys = new LiveCallerKeys(settings, keys);
        var destination = CloudDestination.Resolve(settings, Environment.GetEnvironmentVariable, out var unclear);
        if (unclear is not null)
        {
            return unclear.Report();
        }

        // Events have standard output to themselves.
        var hasEvents = settings.Get(ConfigurationSchema.Events);
        var urls = hasEvents ? Console.Error : Console.Out;
        await using var events = hasEvents ? new EventWriter(Console.OpenStandardOutput(), TimeProvider.System) : null;
        await using var terminal = new TerminalWriter(urls, Console.Error, InkOf(settings), servers, TimeProvider.System);
        await using var history = HistoryFile.Open(settings, terminal.Say);
        await using var cloud = destination is null
            ? null
            : new EventShipper(destination, terminal.Say, Random.Shared.NextDouble, TimeProvider.System);
        LocalListener? local = null;
        if (mode.HasFlag(RunMode.Local))
        {
            local = LocalListeners.Create(settings, defaultPort, terminal.Say, out var refusal);
            if (local is null)
            {
                return refusal!.Report();
            }
        }

        var status = tunnel is null ? null : new TunnelStatus(terminal);
        var admin = settings.TryGet(ConfigurationSchema.Admin, out var endpoint) ? new AdminListener(endpoint) : null;
        var dashboard = history is null ? null : DashboardView.Create(settings);
        await using var listener = new TunnelListener();
        await using var app = ConnectorApplication.Build(
            live,
            local,
            tunnel is null ? null : listener,
            apiKeys,
            new Watchers(terminal, events, history, cloud, status, admin, dashboard),
            DrainTimeout
        );
        await using var export = OpenTelemetryExport.Start(Environment.GetEnvironmentVariable, terminal.Say);
        if (await StartAsync(app, local, admin, dashboard?.Listener) is { } busy)
        {
            return busy.Report();
        }

        if (settings.TryGet(ConfigurationSchema.Widgets, out var widgets))
        {
            terminal.Say($"widgets from {widgets.Server?.GetLeftPart(UriPartial.Authority) ?? widgets.Folder}");
        }

        using var watch = live.Watch(terminal.Say);
        using var keyWatch = apiKeys.Watch(terminal.Say, TimeProvider.System);
        if (local is not null)
        {
            terminal.Listening(local.UrlOf, isOnlyOne: tunnel is null);
            WarnOfOthers(local, terminal);
        }

        if (admin is not null)
        {
            terminal.Say($"metrics and health on http://{admin.EndPoint}");
        }

        dashboard?.Announce(terminal.Say);
        CloudDestination.Announce(settings, destination, terminal.Say);

        var ended = tunnel is null ? await WaitAsync(stopping) : await OpenTunnelAsync(tunnel, listener, status!, stopping);
        using var second = new SecondSignal();
        if (ended is not null)
        {
            terminal.Fail($"{ended.Message} [{ended.Code}]", ended.Hint);
        }
        else
        {
            terminal.Say("stopping; Ctrl+C again drops what is still running");
        }

        await app.StopAsync(CancellationToken.None);
        return ended is null ? ExitCodes.Success : ExitCodeOf(ended);
    }

    private static async Task<Refusal?> StartAsync(
        WebApplication app,
        LocalListener? local,
        AdminListener? admin,
        DashboardListener? dashboard
    )
    {
        try
        {
            await app.StartAsync(CancellationToken.None);
            return null;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            return IsIn(taken, dashboard) ? new Refusal(ExitCodes.PortInUse, $"{dashboard} is in use", "pass another port with --dashboard")
                : IsIn(taken, admin) ? new Refusal(ExitCodes.PortInUse, $"{admin} is in use", "pass another port with --admin")
                : new Refusal(ExitCodes.PortInUse, $"{local} is in use", "pass another --port, or 0 for a free one");
        }
        catch (Exception refused) when (refused is System.Net.Sockets.SocketException or IOException)
        {
            var where = string.Join(" or ", new[] { local?.ToString(), admin?.ToString(), dashboard?.ToString() }.OfType<string>());
            return new Refusal(
                ExitCodes.Configuration,
                $"cannot listen on {where}: {refused.Message}",
                "--bind takes an address of this machine, and ports below 1024 may need rights"
            );
        }
    }

    /// <summary>Whether the message names this port: <c>Failed to bind to address http://127.0.0.1:9464: address already in use.</c></summary>
    private static bool IsIn(IOException taken, MarkedListener? listener) =>
        listener is not null && taken.Message.Contains($"{listener}:", StringComparison.Ordinal);

    private static Ink InkOf(Settings settings) =>
        Ink.For(settings.Get(ConfigurationSchema.Color), isTerminal: !Console.IsErrorRedirected, Environment.GetEnvironmentVariable);

    private static void WarnOfOthers(LocalListener local, TerminalWriter terminal)
    {
        if (!local.IsLoopback)
        {
            terminal.Say("others can reach this port; they get in where Host is a name of --allow-host");
        }
    }

    private static async Task<TunnelRefusal?> WaitAsync(CancellationToken stopping)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStop = stopping.Register(() => stopped.TrySetResult());
        await stopped.Task;
        return null;
    }

    private static async Task<TunnelRefusal?> OpenTunnelAsync(
        TunnelSettings tunnel,
        TunnelListener listener,
        TunnelStatus status,
        CancellationToken stopping
    )
    {
        var time = TimeProvider.System;
        await using var disturbances = Disturbances.Watch(time);
        var dataPlane = new DataPlane(listener, tunnel.Trust, disturbances, time);
        using var client = new TunnelClient(tunnel, dataPlane, disturbances, status, time);
        return await client.RunAsync(stopping);
    }

    private static bool IsAboutTheCredential(TunnelRefusal refusal) =>
        refusal.Code == ErrorCatalog.BadCredential.Code
        || refusal.Code == ErrorCatalog.AnonymousRefused.Code
        || refusal.Code == ErrorCatalog.CredentialEnded.Code;

    private static bool IsAboutTheRelay(TunnelRefusal refusal) =>
        refusal.Code == ErrorCatalog.ConnectorTooOld.Code
        || refusal.Code == ErrorCatalog.RelayTooOld.Code
        || refusal.Code == ErrorCatalog.TlsRequired.Code;

    private static int ExitCodeOf(TunnelRefusal refusal) =>
        IsAboutTheCredential(refusal) ? ExitCodes.NotAuthenticated
        : IsAboutTheRelay(refusal) ? ExitCodes.Failure
        : ExitCodes.NameRefused;
}
