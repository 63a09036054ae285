using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cluster;

/// <summary>
/// Callers as a server has them all day: short calls one after the other, and calls that answer with events for some seconds. Every other
/// caller speaks HTTP/2. An outcome that is not the whole right answer is a failure.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int Events = 8;
    private const int EventPauseMilliseconds = 250;

    /// <summary>Between two short calls of one caller: steady, and bearable for a machine that restarts relays meanwhile.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly Uri _url;
    private readonly Func<HttpClient> _newClient;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _callers;
    private int _lastCall;

    private SteadyLoad(Uri url, Func<HttpClient> newClient, int shortCallers, int streamCallers)
    {
        (_url, _newClient) = (url, newClient);
        _callers = Task.WhenAll(
            Enumerable.Range(0, shortCallers + streamCallers).Select(number => CallAsync(number, isStream: number >= shortCallers))
        );
    }

    public CountSignal Right { get; } = new();

    public CountSignal RightStreams { get; } = new();

    public ConcurrentQueue<Failure> Failures { get; } = new();

    public static SteadyLoad Start(Uri url, Func<HttpClient> newClient, int shortCallers, int streamCallers) =>
        new(url, newClient, shortCallers, streamCallers);

    /// <summary>Waits for that many right answers from now on.</summary>
    public Task WhenRightAsync(int more, CancellationToken cancellationToken)
    {
        var target = Right.Value + more;
        return Right.WhenAsync(count => count >= target, cancellationToken);
    }

    public override string ToString() =>
        FormattableString.Invariant(
            $"{Right.Value} calls, {RightStreams.Value} streams, {Failures.Count} failures\n{string.Join('\n', Failures.Select(one => one.What))}"
        );

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _callers;
        _stopping.Dispose();
    }

    private async Task CallAsync(int caller, bool isStream)
    {
        using var http = _newClient();
        http.DefaultRequestVersion = caller % 2 == 0 ? System.Net.HttpVersion.Version11 : System.Net.HttpVersion.Version20;
        http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        while (!_stopping.IsCancellationRequested)
        {
            var begunAt = Stopwatch.GetTimestamp();
            try
            {
                var fault = await CallOnceAsync(http, isStream);
                if (fault is not null)
                {
                    Failures.Enqueue(new Failure(fault, begunAt));
                }

                await Task.Delay(s_pause, TimeProvider.System, _stopping.Token);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                Failures.Enqueue(
                    new Failure(
                        $"{TimeProvider.System.GetUtcNow():T} caller {caller}: {broken.Message} {broken.InnerException?.Message}",
                        begunAt
                    )
                );
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <returns>What was wrong with the answer, or null.</returns>
    private async Task<string?> CallOnceAsync(HttpClient http, bool isStream)
    {
        var id = Interlocked.Increment(ref _lastCall).ToString(CultureInfo.InvariantCulture);
        var token = $"token-{id}";
        var call = isStream
            ? FormattableString.Invariant(
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"x","token":"{{{token}}}","mode":"sse","events":{{{Events}}},"pause":{{{EventPauseMilliseconds}}}}}"""
            )
            : Calls.Echo(id, token);
        using var content = new StringContent(call, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(_url, content, _stopping.Token);
        var body = await response.Content.ReadAsStringAsync(_stopping.Token);
        var result = Calls.EchoResult(id, token);
        var isRight =
            response.IsSuccessStatusCode
            && (
                isStream
                    ? body.EndsWith($"data: {result}\n\n", StringComparison.Ordinal) && body.Split("data: ").Length == Events + 2
                    : body == result
            );
        if (!isRight)
        {
            return $"{TimeProvider.System.GetUtcNow():T} call {id} (stream: {isStream}) got {(int)response.StatusCode}: {body[..Math.Min(300, body.Length)]}";
        }

        (isStream ? RightStreams : Right).Increment();
        return null;
    }
}

/// <param name="What">What came in the place of the right answer.</param>
/// <param name="BegunAt">When the call began, as <see cref="Stopwatch.GetTimestamp"/> has it.</param>
internal sealed record Failure(string What, long BegunAt);
