using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tunnels;

/// <summary>
/// Lets requests wait while the connector of a name is away for a moment: a restart, a laptop that wakes up, another network.
/// Bounded in number and bytes, for each name and for all; a caller that leaves frees its place.
/// </summary>
internal sealed class RequestHold(IOptions<RelayOptions> options, TimeProvider time, RelayMetrics metrics)
{
    /// <summary>Headers and bookkeeping of a waiting request.</summary>
    private const long BaseBytes = 16 * 1024;

    /// <summary>What the server reads ahead of a body that nobody takes: Kestrel's MaxRequestBufferSize, and more than an HTTP/2 stream window.</summary>
    private const long BufferedBodyBytes = 1024 * 1024;

    private readonly RelayOptions _options = options.Value;
    private readonly HeldShare _all = new();

    /// <summary>Waits for the signal.</summary>
    /// <param name="group">The name that is away.</param>
    /// <param name="back">What <see cref="TunnelGroup.Rent"/> gave.</param>
    /// <param name="arrivedAt">When the request came; it waits no longer than the limit in all, however often its name goes away.</param>
    /// <param name="context">Whose caller may leave.</param>
    public async ValueTask<HoldOutcome> WaitAsync(TunnelGroup group, Task back, long arrivedAt, HttpContext context)
    {
        var left = _options.Hold - TimeSpan.FromTicks(Math.Max(group.AwayFor().Ticks, time.GetElapsedTime(arrivedAt).Ticks));
        if (left <= TimeSpan.Zero)
        {
            return HoldOutcome.TooLate;
        }

        var bytes = BytesOf(context.Request);
        if (!TryTake(group, bytes))
        {
            metrics.HoldEnded(HoldOutcome.Refused);
            return HoldOutcome.Refused;
        }

        metrics.HoldStarted();
        HoldOutcome outcome;
        try
        {
            await back.WaitAsync(left, time, context.RequestAborted);
            outcome = HoldOutcome.Released;
        }
        catch (TimeoutException)
        {
            outcome = HoldOutcome.Expired;
        }
        catch (OperationCanceledException)
        {
            outcome = HoldOutcome.CallerLeft;
        }
        finally
        {
            group.Held.Give(bytes);
            _all.Give(bytes);
        }

        metrics.HoldEnded(outcome);
        return outcome;
    }

    private bool TryTake(TunnelGroup group, long bytes)
    {
        if (!group.Held.TryTake(bytes, _options.MaxHeldPerTunnel, _options.MaxHeldBytesPerTunnel))
        {
            return false;
        }

        if (_all.TryTake(bytes, _options.MaxHeld, _options.MaxHeldBytes))
        {
            return true;
        }

        group.Held.Give(bytes);
        return false;
    }

    private static long BytesOf(HttpRequest request) =>
        BaseBytes + Math.Min(BufferedBodyBytes, request.ContentLength ?? (CanHaveBody(request) ? BufferedBodyBytes : 0));

    private static bool CanHaveBody(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
}
