using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Bridge;

namespace Tunnel.Connector.Hosting;

/// <summary>How the settings want programs to be run.</summary>
internal static class ProgramSettings
{
    private const int MiB = 1 << 20;

    public static StdioServerOptions Of(Settings settings, IReadOnlyList<string> command) =>
        new()
        {
            Command = command,
            WorkingFolder = settings.TryGet(StdioSchema.Folder, out var folder) ? Path.GetFullPath(folder) : null,
            PassedVariables = settings.TryGet(StdioSchema.PassEnv, out var names) ? names : [],
            SessionVariables = settings.TryGet(StdioSchema.SessionEnv, out var own) ? own : [],
            Mode = settings.Get(StdioSchema.Session),
            Protocol = settings.Get(StdioSchema.Protocol),
            StreamPath = PathOf(settings.Get(StdioSchema.StreamPath)),
            EventsPath = PathOf(settings.Get(StdioSchema.EventsPath)),
            StartLimit = settings.Get(StdioSchema.StartTimeout),
            RequestLimit = settings.Get(StdioSchema.RequestTimeout),
            IdleLimit = settings.Get(StdioSchema.IdleTimeout),
            MaxSessions = settings.Get(StdioSchema.MaxSessions),
            WarmProcesses = settings.Get(StdioSchema.Warm),
            MaxMessage = settings.Get(StdioSchema.MaxMessage),
            MaxKeptEvents = settings.Get(StdioSchema.KeptEvents),
            Limits = new ProcessLimits(
                settings.TryGet(StdioSchema.Memory, out var memory) ? (long)memory * MiB : null,
                settings.TryGet(StdioSchema.CpuTime, out var cpuTime) ? cpuTime : null,
                settings.TryGet(StdioSchema.OpenFiles, out var files) ? files : null,
                settings.Get(StdioSchema.NoNewPrivileges)
            ),
        };

    private static string? PathOf(string text) => text == "off" ? null : text;
}
