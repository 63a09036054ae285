using Tunnel.ProxyCore.Events;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Events;

public sealed class EventIdTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Id_IsAUuidOfItsTime()
    {
        var id = EventId.At(s_noon);

        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.StartsWith($"{s_noon.ToUnixTimeMilliseconds():x12}", id.ToString("N"), StringComparison.Ordinal);
    }

    [Fact]
    public void LaterIds_SortBehind()
    {
        var (first, second) = (EventId.At(s_noon), EventId.At(s_noon.AddMilliseconds(1)));

        Assert.True(first.CompareTo(second) < 0);
    }

    [Fact]
    public void IdsOfOneMoment_Differ() =>
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => EventId.At(s_noon)).Distinct().Count());
}
