using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tunnel.Relay.Cli;

/// <summary><c>--json</c>: one object on standard output instead of lines with tabs.</summary>
internal static class JsonOutput
{
    public static readonly Option<bool> Option = new("--json") { Description = "Print JSON" };

    /// <returns>The exit code.</returns>
    public static int Write<T>(T value, JsonTypeInfo<T> type)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(value, type));
        return ExitCodes.Success;
    }
}
