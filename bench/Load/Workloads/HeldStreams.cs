namespace Tunnel.Bench.Load.Workloads;

/// <summary>Event streams of clients that listen: each was answered and has had its first event, and then nothing happens on it.</summary>
internal sealed class HeldStreams : IDisposable
{
    private const int OpenedAtOnce = 32;

    private static readonly TimeSpan s_openLimit = TimeSpan.FromSeconds(15);

    private readonly List<HttpResponseMessage> _responses = [];

    private HeldStreams() { }

    public int Open => _responses.Count;

    public static async Task<HeldStreams> OpenAsync(LoadClient http, int count, CancellationToken cancellationToken)
    {
        var held = new HeldStreams();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_openLimit);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = limit.Token };
            await Parallel.ForAsync(0, count, options, (_, token) => held.OpenOneAsync(http, token));
            return held;
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or LoadFailedException)
        {
            held.Dispose();
            throw new LoadFailedException($"{held.Open} of {count} streams could be opened: {failure.Message}");
        }
    }

    public void Dispose()
    {
        foreach (var response in _responses)
        {
            response.Dispose();
        }
    }

    private async ValueTask OpenOneAsync(LoadClient http, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, http.At(http.McpPath));
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.ReadExactlyAsync(new byte[1], cancellationToken);
        lock (_responses)
        {
            _responses.Add(response);
        }
    }
}
