using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Stopping;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests;

public sealed class RelayApplicationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HostThatEndsItself_EndsTheRelay()
    {
        var options = new RelayOptions { DataDirectory = _folder.FullName, Listen = "http://127.0.0.1:0" };
        await using var relay = RelayApplication.Build(options);
        await relay.StartAsync(TestContext.Current.CancellationToken);

        // As it does when something that runs in the background has failed.
        relay.Lifetime.StopApplication();

        await relay.Services.GetRequiredService<StopRequest>().WhenTold;
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
