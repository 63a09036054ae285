namespace Tunnel.ProxyCore.Events;

/// <summary>The values of <c>type</c>.</summary>
public static class EventTypes
{
    public const string ToolCall = "tool_call";
    public const string ToolList = "tool_list";
    public const string SessionStart = "session_start";
    public const string SessionEnd = "session_end";
    public const string WidgetServe = "widget_serve";
    public const string CspViolation = "csp_violation";
    public const string Request = "request";
    public const string EventsDropped = "events_dropped";
}
