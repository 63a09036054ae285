using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Resilience;

/// <summary>
/// Callers that call without end and look hard at every outcome: right, refused with a code, or visibly aborted are fine;
/// a hang, a short answer that looks whole and somebody else's answer are not.
/// </summary>
internal sealed class CheckedLoad : IAsyncDisposable
{
    private const int Events = 20;

    /// <summary>Longer than any limit of the product that could end a call here.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);

    private readonly Func<HttpClient> _newClient;
    private readonly Uri _url;
    private readonly int _bigBytes;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _callers;
    private int _lastCall;

    private CheckedLoad(Func<HttpClient> newClient, Uri url, int callers, int bigBytes)
    {
        (_newClient, _url) = (newClient, url);
        _bigBytes = bigBytes;
        _callers = Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync()));
    }

    /// <summary>Answers that were complete and the caller's own.</summary>
    public CountSignal Right { get; } = new();

    /// <summary>Refusals with a code and the caller's id, by code.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new(StringComparer.Ordinal);

    public CountSignal Aborted { get; } = new();

    /// <summary>Everything that must not happen.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    public static CheckedLoad Start(TunnelBed bed, int callers, int bigBytes = 300_000) => new(bed.NewClient, bed.Url, callers, bigBytes);

    public static CheckedLoad Start(Func<HttpClient> newClient, Uri url, int callers) => new(newClient, url, callers, bigBytes: 20_000);

    /// <summary>Waits for that many right answers from now on.</summary>
    public Task WhenRightAsync(int more, CancellationToken cancellationToken)
    {
        var target = Right.Value + more;
        return Right.WhenAsync(count => count >= target, cancellationToken);
    }

    public override string ToString() =>
        FormattableString.Invariant(
            $"{Right.Value} right, {Aborted.Value} aborted, refused: {string.Join(", ", Refused.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}, {Wrong.Count} wrong"
        );

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _callers;
        _stopping.Dispose();
    }

    private async Task CallAsync()
    {
        using var http = _newClient();
        while (!_stopping.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _lastCall);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(s_hang);
            try
            {
                await CallOnceAsync(http, number, limit.Token);
            }
            catch (Exception aborted) when (aborted is HttpRequestException or IOException)
            {
                Aborted.Increment();
            }
            catch (OperationCanceledException)
            {
                if (!_stopping.IsCancellationRequested)
                {
                    Wrong.Enqueue($"call {number} hung");
                }
            }
        }
    }

    private async Task CallOnceAsync(HttpClient http, int number, CancellationToken cancellationToken)
    {
        var id = number.ToString(CultureInfo.InvariantCulture);
        var token = $"token-{id}";
        var (mode, expected) = (number % 3) switch
        {
            0 => (
                "big",
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"echo":"{{{token}}}","data":"{{{TokenContent.Create(token, _bigBytes)}}}"}}"""
            ),
            1 => ("sse", EventStream(id, token)),
            _ => ("echo", Calls.EchoResult(id, token)),
        };
        var call = FormattableString.Invariant(
            $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"x","token":"{{{token}}}","mode":"{{{mode}}}","events":{{{Events}}},"bytes":{{{_bigBytes}}}}}"""
        );

        using var content = new StringContent(call, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(_url, content, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.Headers.TryGetValues("mcpr-error", out var codes))
        {
            using var refusal = JsonDocument.Parse(body);
            if (refusal.RootElement.GetProperty("id").GetRawText() != id)
            {
                Wrong.Enqueue($"call {id} was refused with the id of another: {body}");
            }

            Refused.AddOrUpdate(codes.Single(), 1, static (_, count) => count + 1);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
        else if (!response.IsSuccessStatusCode || body != expected)
        {
            Wrong.Enqueue(
                $"call {id} ({mode}) got {(int)response.StatusCode} and {body.Length} of {expected.Length} characters: {body[..Math.Min(200, body.Length)]}"
            );
        }
        else
        {
            Right.Increment();
        }
    }

    private static string EventStream(string id, string token)
    {
        var text = new StringBuilder();
        for (var number = 1; number <= Events; number++)
        {
            text.Append("event: message\ndata: ")
                .Append(
                    CultureInfo.InvariantCulture,
                    $$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"{{{token}}}","progress":{{{number}}},"total":{{{Events}}}}}"""
                )
                .Append("\n\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"event: message\ndata: {Calls.EchoResult(id, token)}\n\n").ToString();
    }
}
