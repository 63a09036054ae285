using Tunnel.Relay.Names;
using Xunit;

namespace Tunnel.Relay.Tests.Names;

public sealed class NameRulesTests
{
    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("brave-otter", "brave-otter")]
    [InlineData("Brave-OTTER-7", "brave-otter-7")]
    [InlineData("123", "123")]
    [InlineData("a--b", "a--b")]
    [InlineData("a-xn--b", "a-xn--b")]
    [InlineData("adminx", "adminx")]
    public void AllowedName_GetsItsOneSpelling(string wanted, string expected)
    {
        Assert.Equal(expected, NameRules.Normalize(wanted));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("-abc")]
    [InlineData("abc-")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData(" abc")]
    [InlineData("abc\n")]
    [InlineData("otter\0")]
    [InlineData("öttér")]
    [InlineData("xn--abc")]
    [InlineData("XN--abc")]
    [InlineData("www")]
    [InlineData("Admin")]
    [InlineData("mta-sts")]
    public void OtherNames_AreRefused(string wanted)
    {
        Assert.Null(NameRules.Normalize(wanted));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Length_IsThatOfALabel(int length, bool isAllowed)
    {
        Assert.Equal(isAllowed, NameRules.Normalize(new string('a', length)) is not null);
    }
}
