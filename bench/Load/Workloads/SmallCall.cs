namespace Tunnel.Bench.Load.Workloads;

/// <summary>The JSON-RPC messages of the workloads, ready to be sent.</summary>
internal static class SmallCall
{
    public static byte[] Message { get; } =
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"weather","arguments":{"city":"Berlin"}}}"""u8.ToArray();
}
