using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Bridge;

namespace Tunnel.Connector.Hosting;

/// <summary>How the settings want programs to be run.</summary>
internal static class ProgramSettings
{
    public static StdioServerOptions Of(Settings settings, IReadOnlyList<string> command) =>
        new()
        {
            Command = command,
            WorkingFolder = settings.TryGet(ConfigurationSchema.StdioFolder, out var folder) ? Path.GetFullPath(folder) : null,
            PassedVariables = settings.TryGet(ConfigurationSchema.StdioPassEnv, out var names) ? names : [],
            Mode = settings.Get(ConfigurationSchema.StdioSession),
            StartLimit = settings.Get(ConfigurationSchema.StdioStartTimeout),
            RequestLimit = settings.Get(ConfigurationSchema.StdioRequestTimeout),
            IdleLimit = settings.Get(ConfigurationSchema.StdioIdleTimeout),
            MaxSessions = settings.Get(ConfigurationSchema.StdioMaxSessions),
            WarmProcesses = settings.Get(ConfigurationSchema.StdioWarm),
            MaxMessage = settings.Get(ConfigurationSchema.StdioMaxMessage),
            MaxKeptEvents = settings.Get(ConfigurationSchema.StdioEvents),
        };
}
