using Tunnel.Connector.Configuration;
using Tunnel.Connector.Hosting;

namespace Tunnel.Connector.Cli;

/// <summary>What no single key can tell: whether together they are enough to start.</summary>
internal static class SettingsChecks
{
    /// <returns>The first thing that is missing, or null.</returns>
    public static Refusal? Find(Settings settings, RunMode mode, int? defaultPort = null)
    {
        if (
            !settings.Has(ConfigurationSchema.Mcp)
            && !settings.Has(ConfigurationSchema.Command)
            && !settings.Has(StdioSchema.ServersFile)
            && settings.Get(ConfigurationSchema.Servers).IsEmpty
        )
        {
            return Missing(
                "there is no MCP server to stand in front of",
                "pass --mcp, such as --mcp localhost:9000, or a program: mcpr serve -- npx -y @scope/server"
            );
        }

        if (mode == RunMode.None)
        {
            return Missing("nobody could call this", "add --port 3000 to listen locally, or --relay URL for a public URL");
        }

        if (mode.HasFlag(RunMode.Tunnel) && !settings.Has(ConfigurationSchema.Relay))
        {
            return Missing("no relay to tunnel through", "pass --relay URL, set MCPR_RELAY, or tunnel.relay in mcpr.toml");
        }

        if (mode.HasFlag(RunMode.Local) && !settings.Has(ConfigurationSchema.Port) && defaultPort is null)
        {
            return Missing("no port to listen on", "pass --port 3000, or --port 0 for a free one");
        }

        return FindContradiction(settings);
    }

    /// <returns>The first two things that do not go together, or null.</returns>
    public static Refusal? FindContradiction(Settings settings) =>
        FindHalfCertificate(settings)
        ?? FindTwoInOne(settings)
        ?? FindNoPaths(settings)
        ?? FindSameName(settings)
        ?? FindUnclearServer(settings)
        ?? FindUnusableProgram(settings)
        ?? FindMissingFolder(settings)
        ?? FindNothingToShow(settings);

    private static Refusal? FindNothingToShow(Settings settings) =>
        settings.Get(DashboardSchema.Listen).IsOn && !settings.Get(HistorySchema.Enabled)
            ? new Refusal(
                ExitCodes.Usage,
                "the dashboard shows the history, which is switched off",
                "leave out --history=false, or --dashboard"
            )
            : null;

    private static Refusal? FindUnusableProgram(Settings settings)
    {
        try
        {
            var problem = ProxySettings
                .ServersOf(settings)
                .Select(server => server.Stdio?.FindProblem())
                .FirstOrDefault(one => one is not null);
            return problem is null
                ? null
                : new Refusal(ExitCodes.Configuration, problem, "check the spelling; a program of this folder begins with ./");
        }
        catch (InvalidDataException unusable)
        {
            return new Refusal(ExitCodes.Configuration, unusable.Message, "servers_file names a JSON file with mcpServers");
        }
    }

    private static Refusal? FindTwoInOne(Settings settings) =>
        settings.Find(ConfigurationSchema.Mcp) is { } mcp && settings.Find(ConfigurationSchema.Command) is { } command
            ? new Refusal(
                ExitCodes.Configuration,
                $"the server without a name is a server on the network and a program ({mcp.Origin}, {command.Origin})",
                "leave one of them out, or give one a name with [[server]]"
            )
            : null;

    private static Refusal? FindNoPaths(Settings settings) =>
        settings.Get(StdioSchema.StreamPath) == "off" && settings.Get(StdioSchema.EventsPath) == "off"
            ? new Refusal(
                ExitCodes.Configuration,
                "programs would be served nowhere",
                "leave one of stdio.stream_path and stdio.sse_path on"
            )
            : null;

    private static Refusal? FindUnclearServer(Settings settings)
    {
        var unclear = settings
            .Get(ConfigurationSchema.Servers)
            .FirstOrDefault(server => server.Has(ConfigurationSchema.ServerUrl) == server.Has(ConfigurationSchema.ServerCommand));
        return unclear?.Find(ConfigurationSchema.ServerName) is { } name
            ? new Refusal(
                ExitCodes.Configuration,
                $"{name.Origin}: the server {name.Text} has no url, or a command as well",
                "give it one of both"
            )
            : null;
    }

    private static Refusal? FindSameName(Settings settings)
    {
        var names = settings.Get(ConfigurationSchema.Servers).Select(server => server.Find(ConfigurationSchema.ServerName)!);
        var same = names.GroupBy(name => name.Text, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
        return same is null
            ? null
            : new Refusal(
                ExitCodes.Configuration,
                $"{same.Last().Origin}: there is another server called {same.Key} ({same.First().Origin})",
                "give every server a name of its own; several addresses of one server stand in its url"
            );
    }

    /// <returns>A certificate without its key or the other way round, or null.</returns>
    private static Refusal? FindHalfCertificate(Settings settings)
    {
        var (certificate, key) = (settings.Find(ConfigurationSchema.TlsCert), settings.Find(ConfigurationSchema.TlsKey));
        return (certificate, key) switch
        {
            (not null, null) => Half(certificate, ConfigurationSchema.TlsCert, ConfigurationSchema.TlsKey),
            (null, not null) => Half(key, ConfigurationSchema.TlsKey, ConfigurationSchema.TlsCert),
            _ => null,
        };
    }

    private static Refusal? FindMissingFolder(Settings settings) =>
        settings.Find(ConfigurationSchema.Widgets) is { } setting
        && settings.TryGet(ConfigurationSchema.Widgets, out var widgets)
        && widgets.Folder is { } folder
        && !Directory.Exists(folder)
            ? new Refusal(
                setting.Source == SettingSource.Flag ? ExitCodes.Usage : ExitCodes.Configuration,
                $"{setting.Origin}: there is no folder {folder} to take widgets from",
                "build them first, or pass the URL of a dev server, such as --widgets http://localhost:5173"
            )
            : null;

    private static Refusal Half(Setting setting, ConfigurationKey given, ConfigurationKey other) =>
        new(
            setting.Source == SettingSource.Flag ? ExitCodes.Usage : ExitCodes.Configuration,
            $"{setting.Origin}: {given.Path} is nothing without {other.Path}",
            $"pass {other.Flag}, or set {other.Path}"
        );

    private static Refusal Missing(string message, string hint) => new(ExitCodes.Usage, message, hint);
}
