using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Tunnel.Bench.Load.Workloads;

/// <summary>Large bodies: plain ones down and up, and JSON-RPC results.</summary>
internal static class Transfers
{
    private const int BufferSize = 64 * 1024;
    private const double BytesPerMegabyte = 1_000_000;

    public static Task<Measurement> DownloadAsync(LoadClient http, LoadOptions options, CancellationToken cancellationToken)
    {
        var url = http.At($"/download?bytes={options.Bytes}");
        return RunAsync(http, options, () => new HttpRequestMessage(HttpMethod.Get, url), options.Bytes, cancellationToken);
    }

    public static Task<Measurement> UploadAsync(LoadClient http, LoadOptions options, CancellationToken cancellationToken)
    {
        var url = http.At("/upload");
        var data = new byte[options.Bytes];
        return RunAsync(http, options, NewUpload, expected: null, cancellationToken);

        HttpRequestMessage NewUpload()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(data) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            return request;
        }
    }

    public static Task<Measurement> CallAsync(LoadClient http, LoadOptions options, CancellationToken cancellationToken)
    {
        var url = http.At(http.McpPath);
        var call = $$"""{"name":"text","arguments":{"bytes":{{options.Bytes}} } }""";
        var message = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{call}} }""");
        return RunAsync(http, options, () => LoadClient.NewCall(url, message), expected: null, cancellationToken);
    }

    /// <param name="expected">Bytes that an answer must have, where that is known to the byte.</param>
    private static async Task<Measurement> RunAsync(
        LoadClient http,
        LoadOptions options,
        Func<HttpRequestMessage> newRequest,
        long? expected,
        CancellationToken cancellationToken
    )
    {
        var times = new Histogram();
        var buffers = Enumerable.Range(0, options.Callers).Select(_ => new byte[BufferSize]).ToArray();
        var (calls, seconds) = await Callers.RunAsync(options.Callers, options.Duration, TransferAsync, cancellationToken);
        return new Measurement()
            .Add("requests", calls)
            .Add("rps", calls / seconds)
            .Add("mbps", calls * (double)options.Bytes / seconds / BytesPerMegabyte)
            .Add(times);

        async Task TransferAsync(int caller, CancellationToken token)
        {
            var start = Stopwatch.GetTimestamp();
            using var request = newRequest();
            var length = await http.CompleteAsync(request, buffers[caller], token);
            if (expected is { } wanted && length != wanted)
            {
                throw new LoadFailedException($"{length} bytes came, {wanted} should have");
            }

            times.Add(Stopwatch.GetTimestamp() - start);
        }
    }
}
