using Tunnel.Relay.Limits;
using Xunit;

namespace Tunnel.Relay.Tests.Limits;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("Max open files            1024                 262144               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             1024                 262144               processes ", null)]
    public void LineOfTheSystem_IsReadIfItIsAboutFiles(string line, int? limit)
    {
        Assert.Equal(limit, OpenFiles.TryReadLimit(line));
    }
}
