using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Servers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Servers;

public sealed class UpstreamPoolTests
{
    private readonly UpstreamPool _pool = Create(3);

    [Fact]
    public void NothingUnderWay_GoesRound()
    {
        var chosen = Enumerable.Range(0, 30).Select(_ => _pool.Choose([])!.Url.Port).CountBy(port => port);

        Assert.Equal([10, 10, 10], chosen.Select(pair => pair.Value));
    }

    [Fact]
    public void LeastBusy_IsChosen()
    {
        _pool.All[0].Begin();
        _pool.All[0].Begin();
        _pool.All[1].Begin();
        _pool.All[2].Begin();
        _pool.All[2].Begin();

        Assert.All(Enumerable.Range(0, 6), _ => Assert.Equal(_pool.All[1], _pool.Choose([])));
    }

    [Fact]
    public void AddressThatIsDown_IsTheLastChoice()
    {
        _pool.All[1].Begin();
        _pool.Mark(_pool.All[0], isUp: false);
        _pool.Mark(_pool.All[2], isUp: false);

        Assert.Equal(_pool.All[1], _pool.Choose([]));
        Assert.False(_pool.Choose([_pool.All[1]])!.IsUp);
        Assert.Null(_pool.Choose(_pool.All));

        _pool.Mark(_pool.All[0], isUp: true);
        Assert.Equal(_pool.All[0], _pool.Choose([]));
    }

    [Fact]
    public void OneAddress_IsChosenOnceWhateverIsKnownOfIt()
    {
        var pool = Create(1);
        pool.Mark(pool.All[0], isUp: false);

        Assert.True(pool.All[0].IsUp);
        Assert.Equal(pool.All[0], pool.Choose([]));
        Assert.Null(pool.Choose(pool.All));
    }

    [Fact]
    public void Sessions_AreBounded()
    {
        for (var number = 0; number <= SessionHolders.MaxSessions; number++)
        {
            _pool.Holders.Add($"s{number}", _pool.All[0]);
        }

        Assert.Null(_pool.Holders.Find("s0"));
        Assert.NotNull(_pool.Holders.Find($"s{SessionHolders.MaxSessions}"));
    }

    private static UpstreamPool Create(int count)
    {
        var services = new ServiceCollection();
        services.AddMcpProxy(proxy =>
            proxy.Servers.Add(
                new McpServerOptions { Urls = [.. Enumerable.Range(9001, count).Select(port => new Uri($"http://localhost:{port}/mcp"))] }
            )
        );
        return services.BuildServiceProvider().GetRequiredService<McpServers>().Find("/")!.Upstreams;
    }
}
