using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Names;
using Tunnel.Relay.State;
using Tunnel.Relay.Tests.Tunnels;
using Tunnel.Relay.Tunnels;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Names;

public sealed class NameUpkeepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SqliteNameStore _names;
    private readonly TunnelRegistry _tunnels;
    private readonly RecordedEvictions _evictions = new();
    private readonly NameUpkeep _upkeep;

    public NameUpkeepTests()
    {
        var options = new RelayOptions { DataDirectory = _folder.FullName };
        _names = new SqliteNameStore(new RelayDatabase(options), _time);
        _tunnels = new TunnelRegistry(Options.Create(options), _time, NullLogger<TunnelRegistry>.Instance);
        _upkeep = new NameUpkeep(_names, _tunnels, _evictions, _time, NullLogger<NameUpkeep>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenTunnel_KeepsItsNameFromExpiring()
    {
        await OpenAsync("otter");
        await OpenAsync("closed");
        _tunnels.Close(_tunnels.Find("closed")!.Sessions.Single(), "test");

        _time.Advance(TimeSpan.FromMinutes(45));
        await _upkeep.RenewAsync(Cancellation);
        _time.Advance(TimeSpan.FromMinutes(45));
        await _upkeep.ExpireAsync(Cancellation);

        Assert.NotNull(await _names.FindAsync("otter", Cancellation));
        Assert.Null(await _names.FindAsync("closed", Cancellation));
        Assert.Empty(_evictions.All);
    }

    [Fact]
    public async Task NameThatIsTheirsNoLonger_EndsTheTunnelsThatHadIt()
    {
        await OpenAsync("kept");
        await OpenAsync("released");
        await OpenAsync("banned");
        await OpenAsync("replaced");
        await _names.ReleaseAsync("owner", "released", Cancellation);
        await _names.BanAsync("banned", "test", Cancellation);
        await ClaimAsync("replaced");

        await _upkeep.RenewAsync(Cancellation);

        Assert.Equal(
            [("banned", ErrorCatalog.NameBanned), ("released", ErrorCatalog.NameGivenUp), ("replaced", ErrorCatalog.TunnelTakenOver)],
            _evictions.All.Select(each => (each.Session.Name, each.Reason)).OrderBy(each => each.Name, StringComparer.Ordinal)
        );
    }

    public void Dispose()
    {
        _upkeep.Dispose();
        _tunnels.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private ValueTask<NameClaim> ClaimAsync(string name) =>
        _names.ClaimAsync(
            new NameRequest
            {
                Owner = new NameOwner("owner", TimeSpan.FromHours(1), MaxNames: 10),
                Project = "project",
                Wanted = name,
            },
            Cancellation
        );

    private async Task OpenAsync(string name)
    {
        var claim = await ClaimAsync(name);
        _tunnels.TryOpen(new TunnelSession(Sessions.Terms(name, claim.Generation)), out _);
    }
}
