using Tunnel.ProxyCore.Routing;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Routing;

public sealed class AnnouncedEndpointsTests
{
    [Fact]
    public void Paths_AreBounded()
    {
        var announced = new AnnouncedEndpoints();
        for (var number = 0; number <= 1024; number++)
        {
            announced.Add($"/m{number}");
        }

        Assert.False(announced.Contains("/m0"));
        Assert.True(announced.Contains("/m1024"));
    }
}
