using Tunnel.Connector.Terminal;
using Xunit;

namespace Tunnel.Connector.Tests.Terminal;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0B")]
    [InlineData(147, "147B")]
    [InlineData(1023, "1023B")]
    [InlineData(1024, "1.0KB")]
    [InlineData(8192, "8.0KB")]
    [InlineData(1536, "1.5KB")]
    [InlineData((1024 * 1024) - 1, "1.0MB")]
    [InlineData(1024 * 1024, "1.0MB")]
    [InlineData(5L << 30, "5.0GB")]
    [InlineData(7L << 40, "7.0TB")]
    [InlineData(2048L << 40, "2048.0TB")]
    public void Size_IsInTheUnitThatFits(long bytes, string expected)
    {
        Assert.Equal(expected, Units.Size(bytes));
    }

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.4, "0ms")]
    [InlineData(16, "16ms")]
    [InlineData(999, "999ms")]
    [InlineData(1000, "1.00s")]
    [InlineData(2140, "2.14s")]
    [InlineData(59_990, "59.99s")]
    [InlineData(60_000, "1m 0s")]
    [InlineData(3_725_000, "62m 5s")]
    public void Duration_IsInTheUnitThatFits(double milliseconds, string expected)
    {
        Assert.Equal(expected, Units.Duration(TimeSpan.FromMilliseconds(milliseconds)));
    }
}
