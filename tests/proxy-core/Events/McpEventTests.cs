using System.Globalization;
using Tunnel.ProxyCore.Events;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Events;

public sealed class McpEventTests
{
    [Theory]
    [InlineData("2026-11-22T09:00:00Z", "2026-11-22T09:00:00.000Z")]
    [InlineData("2026-11-22T09:00:00.1239999Z", "2026-11-22T09:00:00.123Z")]
    [InlineData("2026-11-22T09:00:00.05+02:00", "2026-11-22T07:00:00.050Z")]
    public void Timestamp_IsUtcInMilliseconds(string time, string expected) =>
        Assert.Equal(expected, McpEvent.Timestamp(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));
}
