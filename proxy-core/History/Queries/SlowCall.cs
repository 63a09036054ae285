namespace Tunnel.ProxyCore.History.Queries;

/// <summary>A call that took much longer than is usual for its tool.</summary>
/// <param name="Call">The call.</param>
/// <param name="Usual">The tool's p50 in the range.</param>
public sealed record SlowCall(StoredEvent Call, TimeSpan Usual)
{
    public double Factor => (Call.Latency ?? TimeSpan.Zero) / Usual;
}
