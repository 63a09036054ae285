using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Limits;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Limits;

public sealed class ConnectionLimitTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<RelayMetrics>().BuildServiceProvider();
    private readonly TaskCompletionSource _end = new();
    private readonly RelayOptions _options = new() { TrustedProxies = [IPNetwork.Parse("10.0.0.0/8")] };
    private ConnectionLimit _limit;
    private int _served;

    public ConnectionLimitTests()
    {
        _options.Limits.ConnectionsPerAddress = 2;
        _limit = new ConnectionLimit(_options, _services.GetRequiredService<RelayMetrics>());
    }

    public void Dispose() => _services.Dispose();

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectionsOverTheLimit_AreClosedAndOthersAreNot()
    {
        var first = Connect("192.0.2.7");
        var second = Connect("192.0.2.7");

        // Nobody gets to it.
        await Connect("192.0.2.7");
        Assert.Equal(2, _served);

        var other = Connect("192.0.2.8");
        Assert.Equal(3, _served);

        _end.SetResult();
        await Task.WhenAll(first, second, other);
        await Connect("192.0.2.7");
        Assert.Equal(4, _served);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MoreConnectionsThanThereIsRoomFor_AreClosedWhoeverComes()
    {
        _limit = new ConnectionLimit(_options, _services.GetRequiredService<RelayMetrics>()) { Most = 2 };
        var proxy = Connect("10.1.2.3");
        var connector = Connect("192.0.2.7", logsIn: true);

        await Connect("192.0.2.8");
        await Connect("127.0.0.1");
        Assert.Equal(2, _served);

        _end.SetResult();
        await Task.WhenAll(proxy, connector);
        await Connect("192.0.2.8");
        Assert.Equal(3, _served);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectionWithALogin_CountsNoMore()
    {
        List<Task> connections = [];
        for (var connection = 0; connection < 10; connection++)
        {
            connections.Add(Connect("192.0.2.7", logsIn: true));
        }

        Assert.Equal(10, _served);
        _end.SetResult();
        await Task.WhenAll(connections);

        // What was given back at the login is not given back again at the end.
        var open = new TaskCompletionSource();
        connections = [Connect("192.0.2.7", until: open.Task), Connect("192.0.2.7", until: open.Task)];
        await Connect("192.0.2.7", until: open.Task);
        Assert.Equal(12, _served);
        open.SetResult();
        await Task.WhenAll(connections);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("::ffff:10.1.2.3")]
    public async Task ProxiesInFront_BringManyVisitors(string address)
    {
        var connections = Enumerable.Range(0, 10).Select(_ => Connect(address)).ToArray();

        Assert.Equal(10, _served);
        _end.SetResult();
        await Task.WhenAll(connections);
    }

    private Task Connect(string address, bool logsIn = false, Task? until = null)
    {
        var connection = new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000) };
        return _limit.RunAsync(
            connection,
            served =>
            {
                _served++;
                if (logsIn)
                {
                    served.Features.Get<ConnectionShare>()?.GiveBack();
                }

                return until ?? _end.Task;
            }
        );
    }
}
