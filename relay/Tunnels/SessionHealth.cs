using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.Relay.Tunnels;

/// <summary>
/// Remembers that a session failed a moment ago, so that others that share its name are asked first. It is never the reason to refuse a
/// request: when every session fails, the least loaded is asked as before.
/// </summary>
internal sealed class SessionHealth
{
    /// <summary>How long one failure counts. Long enough to spare most callers, short enough to notice a repair.</summary>
    public static readonly TimeSpan FailureCounts = TimeSpan.FromSeconds(5);

    private const long Never = long.MinValue;

    private long _failedAt = Never;

    /// <summary>Takes notice of how an exchange ended.</summary>
    public void Judge(ForwardOutcome outcome, HttpResponse response, TimeProvider time)
    {
        var failed =
            outcome is ForwardOutcome.Broke or ForwardOutcome.TimedOut or ForwardOutcome.NotConnected
            || response.Headers[ErrorResponse.CodeHeader] == ErrorCatalog.UpstreamUnreachable.Code;
        if (failed)
        {
            Failed(time);
        }
        else
        {
            Succeeded();
        }
    }

    public void Failed(TimeProvider time) => Volatile.Write(ref _failedAt, time.GetTimestamp());

    public void Succeeded()
    {
        if (Volatile.Read(ref _failedAt) != Never)
        {
            Volatile.Write(ref _failedAt, Never);
        }
    }

    public bool IsFailing(TimeProvider time) =>
        Volatile.Read(ref _failedAt) is var failedAt && failedAt != Never && time.GetElapsedTime(failedAt) < FailureCounts;
}
