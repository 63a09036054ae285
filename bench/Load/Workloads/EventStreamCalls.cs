using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tunnel.Bench.Load.Workloads;

/// <summary>Tool calls that report progress: how long until the first event, and how long each event is under way.</summary>
internal static class EventStreamCalls
{
    // "sent":123456, as bench-origin writes it
    private const string SentMark = "\"sent\":";

    public static async Task<Measurement> RunAsync(LoadClient http, LoadOptions options, CancellationToken cancellationToken)
    {
        var firstEvents = new Histogram();
        var delays = new Histogram();
        var url = http.At(http.McpPath);
        var call = $$"""{"name":"progress","arguments":{"events":{{options.Events}},"gap":{{options.Gap}} } }""";
        var message = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{call}} }""");
        var (calls, seconds) = await Callers.RunAsync(options.Callers, options.Duration, CallAsync, cancellationToken);
        return new Measurement().Add("requests", calls).Add("rps", calls / seconds).Add(firstEvents, "first_").Add(delays, "delay_");

        async Task CallAsync(int caller, CancellationToken token)
        {
            var start = Stopwatch.GetTimestamp();
            using var request = LoadClient.NewCall(url, message);
            using var response = await http.SendAsync(request, token);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(token));
            var events = 0;
            while (await lines.ReadLineAsync(token) is { } line)
            {
                if (line.IndexOf(SentMark, StringComparison.Ordinal) is var mark and >= 0)
                {
                    var now = Stopwatch.GetTimestamp();
                    delays.Add(now - SentAt(line.AsSpan(mark + SentMark.Length)));
                    if (events++ == 0)
                    {
                        firstEvents.Add(now - start);
                    }
                }
            }

            if (events != options.Events)
            {
                throw new LoadFailedException($"{events} events came, {options.Events} should have");
            }
        }
    }

    private static long SentAt(ReadOnlySpan<char> text) => long.Parse(text[..text.IndexOf('}')], CultureInfo.InvariantCulture);
}
