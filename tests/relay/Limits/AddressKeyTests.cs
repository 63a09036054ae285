using System.Net;
using Tunnel.Relay.Limits;
using Xunit;

namespace Tunnel.Relay.Tests.Limits;

public sealed class AddressKeyTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    // One customer's network.
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Addresses_CountTogetherWhenTheyAreOneVisitors(string one, string other, bool expected)
    {
        Assert.Equal(expected, AddressKey.Of(IPAddress.Parse(one)) == AddressKey.Of(IPAddress.Parse(other)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.5.5.5")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void ThisMachine_StandsForMany(string address)
    {
        Assert.Null(AddressKey.Of(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff:ffff:ffff:ffff%7", "2001:db8:1:2::/64")]
    public void Text_IsThatOfAllAddressesThatCountTogether(string address, string text)
    {
        Assert.Equal(text, AddressKey.TextOf(IPAddress.Parse(address)));
    }
}
