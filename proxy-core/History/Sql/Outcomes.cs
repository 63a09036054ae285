namespace Tunnel.ProxyCore.History.Sql;

/// <summary>How the outcomes of events are kept: a failure is a number over zero.</summary>
public static class Outcomes
{
    public const string Ok = "ok";
    public const string Error = "error";
    public const string ToolError = "tool_error";

    public static long? CodeOf(string? status) =>
        status switch
        {
            Ok => 0,
            Error => 1,
            ToolError => 2,
            _ => null,
        };

    public static string? NameOf(long? code) =>
        code switch
        {
            0 => Ok,
            1 => Error,
            2 => ToolError,
            _ => null,
        };
}
