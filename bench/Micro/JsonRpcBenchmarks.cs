using System.Text;
using BenchmarkDotNet.Attributes;
using Tunnel.ProxyCore.JsonRpc;

namespace Tunnel.Bench.Micro;

/// <summary>What every exchange goes through: its request is read, its response watched.</summary>
public class JsonRpcBenchmarks
{
    [ParamsSource(nameof(Messages))]
    public Document Message { get; set; } = null!;

    public static IEnumerable<Document> Messages =>
        [
            new("small call", Call("""{"city":"Berlin"}""")),
            new("call with 64 KB of text", Call($$"""{"text":"{{new string('x', 64 * 1024)}}"}""")),
            new("call with 64 KB of short values", Call($"[{string.Join(',', Enumerable.Repeat("""{"id":17,"name":"alpha"}""", 2600))}]")),
        ];

    [Benchmark(Description = "JSON-RPC reader")]
    public object? ReadRequest() => JsonRpcReader.Read(Message.Bytes.Span, isWhole: true);

    [Benchmark(Description = "response scanner")]
    public object WatchResponse()
    {
        var scanner = ResponseScanner.For("application/json", contentEncoding: null)!;
        scanner.Feed(Message.Bytes.Span);
        return scanner.Outcome;
    }

    private static byte[] Call(string arguments) =>
        Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","arguments":""" + arguments + "}}"
        );
}
