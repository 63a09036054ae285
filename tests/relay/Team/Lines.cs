namespace Tunnel.Relay.Tests.Team;

/// <summary>Lines as connectors send them.</summary>
internal static class Lines
{
    public const string Time = "2026-01-02T03:04:05.678Z";

    public static string Call(Guid id, string tool = "search", string? server = null, string ts = Time) =>
        $$"""{"id":"{{id}}","ts":"{{ts}}","type":"tool_call","method":"tools/call","tool":"{{tool}}","server":{{Quoted(
            server
        )}},"session":null,"user":null,"latency_ms":12,"status":"ok","upstream":null,"http_status":200}"""
        + "\n";

    public static string Calls(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => Call(Guid.CreateVersion7())));

    public static string Dropped(Guid id, int count) =>
        $$"""{"id":"{{id}}","ts":"{{Time}}","type":"events_dropped","count":{{count}}}""" + "\n";

    private static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";
}
