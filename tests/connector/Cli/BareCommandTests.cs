using Tunnel.Connector.Cli;
using Tunnel.Connector.Configuration;
using Xunit;

namespace Tunnel.Connector.Tests.Cli;

public sealed class BareCommandTests
{
    [Theory]
    [InlineData(null, null, null, nameof(RunMode.None))]
    [InlineData("0", null, null, nameof(RunMode.Local))]
    [InlineData(null, "https://a.example", null, nameof(RunMode.Tunnel))]
    [InlineData(null, null, "https://a.example", nameof(RunMode.Tunnel))]
    [InlineData("0", "https://a.example", null, nameof(RunMode.Local))]
    [InlineData("0", null, "https://a.example", "Local, Tunnel")]
    public void Mode_IsPublicOnlyWhereThatWasAskedFor(string? port, string? relayVariable, string? relayFlag, string expected)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["MCPR_RELAY"] = relayVariable ?? string.Empty };
        Dictionary<ConfigurationEntry, string> flags = [];
        if (port is not null)
        {
            flags[ConfigurationSchema.Port] = port;
        }

        if (relayFlag is not null)
        {
            flags[ConfigurationSchema.Relay] = relayFlag;
        }

        using var live = new LiveSettings([], environment, flags);

        Assert.Equal(expected, BareCommand.Choose(live.Current).ToString());
    }
}
