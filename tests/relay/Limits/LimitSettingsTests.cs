using Tunnel.Relay.Configuration;
using Tunnel.Relay.Limits;
using Xunit;

namespace Tunnel.Relay.Tests.Limits;

public sealed class LimitSettingsTests
{
    [Fact]
    public void EveryLimit_CanBeSetAndSwitchedOff()
    {
        foreach (var setting in LimitSettings.All)
        {
            Assert.Null(setting.Apply(new RelayOptions(), "0"));
            Assert.Null(setting.Apply(new RelayOptions(), "7"));
            Assert.NotNull(setting.Apply(new RelayOptions(), "-1"));
            Assert.NotNull(setting.Apply(new RelayOptions(), "many"));
        }
    }

    [Fact]
    public void Limits_AreThoseThatTheFlagsName()
    {
        var options = new RelayOptions();
        for (var index = 0; index < LimitSettings.All.Length; index++)
        {
            LimitSettings.All[index].Apply(options, $"{index + 1}");
        }

        var limits = options.Limits;
        Assert.Equal(
            [1, 2, 3, 4, 5],
            [
                limits.RequestsPerAddress,
                limits.RequestRatePerAddress,
                limits.RequestRatePerTunnel,
                limits.ConnectionsPerAddress,
                limits.TunnelsPerMinute,
            ]
        );
    }
}
