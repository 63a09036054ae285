namespace Tunnel.Bench.Run.Workloads;

/// <summary>What stages measure and tables show.</summary>
internal static class WorkloadNames
{
    public const string OpenLoop = "open";
    public const string SmallResults = "64k";
    public const string BigResults = "10m";
    public const string Download = "down";
    public const string Upload = "up";
    public const string Events = "sse";
    public const string WebSocket = "websocket";

    public static string Calls(int callers) => $"calls-{callers}";

    /// <summary>Small calls over HTTP/2: so many connections, each with so many calls at once.</summary>
    public static string Streams(int callers, int streams) => $"h2-{callers}x{streams}";

    /// <summary>Short calls while so many streams are held.</summary>
    public static string Held(int streams) => $"held-{streams}";

    /// <summary>Small calls to so many tunnels.</summary>
    public static string Tunnels(int tunnels) => $"tunnels-{tunnels}";

    /// <summary>Bodies of a size.</summary>
    public static string Transfer(string kind, int bytes) => $"{kind}-{bytes}";
}
