using System.Text.Json;
using Tunnel.Bench.Load;
using Tunnel.Bench.Load.Workloads;

// bench-load WORKLOAD --url URL [--name value]...: makes load, and prints what it saw as one JSON object of numbers.
var options = LoadOptions.Parse(args.AsSpan(1));
using var http = new LoadClient(options.Url, options.Host);

// Nothing runs much longer than it was told to, whatever the other side does.
var warmUp = TimeSpan.FromSeconds(Math.Min(0.5, options.Duration.TotalSeconds));
using var limit = new CancellationTokenSource(options.Duration + LoadOptions.Slack, TimeProvider.System);

Func<LoadOptions, CancellationToken, Task<Measurement>> run = args[0] switch
{
    "open" => (chosen, token) => OpenLoop.RunAsync(http, chosen, token),
    "sse" => (chosen, token) => EventStreamCalls.RunAsync(http, chosen, token),
    "websocket" => (chosen, token) => WebSocketEcho.RunAsync(http, chosen, token),
    "download" => (chosen, token) => Transfers.DownloadAsync(http, chosen, token),
    "upload" => (chosen, token) => Transfers.UploadAsync(http, chosen, token),
    "result" => (chosen, token) => Transfers.CallAsync(http, chosen, token),
    "mcp" => (chosen, token) => McpCalls.RunAsync(http, chosen, token),
    _ => throw new ArgumentException($"no workload '{args[0]}'"),
};

try
{
    // This program has to be warm itself before it may judge.
    var warm = await run(options with { Duration = warmUp, Held = 0 }, limit.Token);
    var measured = await run(options, limit.Token);
    // So that whoever divides the processor time of the other side by them divides by all.
    measured.Values["requests"] += warm.Values["requests"];
    Console.WriteLine(JsonSerializer.Serialize(measured.Values));
    return 0;
}
catch (Exception failure) when (failure is LoadFailedException or OperationCanceledException or HttpRequestException or IOException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
