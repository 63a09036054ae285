using Tunnel.Relay.Configuration;
using Xunit;

namespace Tunnel.Relay.Tests.Configuration;

public sealed class StrayVariablesTests
{
    [Theory]
    [InlineData("MCPR_RELAY_MAX_TUNNEL", "did you mean MCPR_RELAY_MAX_TUNNELS")]
    [InlineData("MCPR_RELAY_SHADE_OF_RED", "docs/relay-config.md has all settings")]
    public void VariableThatSetsNothing_IsTold(string name, string hint)
    {
        Assert.Equal($"{name} sets nothing; {hint}", Assert.Single(StrayVariables.Find([name, "PATH"])));
    }

    [Theory]
    [InlineData("MCPR_RELAY_HOLD")]
    [InlineData("MCPR_RELAY_CONFIG")]
    [InlineData("MCPR_RELAY")]
    [InlineData("MCPR_RELAY_SERVICE_HOST")]
    [InlineData("MCPR_RELAY_SERVICE_PORT_HTTP")]
    [InlineData("MCPR_RELAY_PORT")]
    [InlineData("MCPR_RELAY_PORT_80_TCP_ADDR")]
    [InlineData("MCPR_RELAY_0_SERVICE_PORT")]
    public void OtherVariables_AreNot(string name)
    {
        Assert.Empty(StrayVariables.Find([name], "MCPR_RELAY_CONFIG"));
    }
}
