using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Servers.Offers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Servers.Offers;

public sealed class MirroredNameTests
{
    [Theory]
    [InlineData("shown", "own", "own")]
    [InlineData("=?base64?c2hvd24=?=", "own", "own")]
    [InlineData("shown", "größe", "=?base64?Z3LDtsOfZQ==?=")]
    [InlineData("shown", " own", "=?base64?IG93bg==?=")]
    [InlineData("shown", "=?base64?x?=", "=?base64?PT9iYXNlNjQ/eD89?=")]
    [InlineData("other", "own", "other")]
    [InlineData("=?base64?%%%?=", "own", "=?base64?%%%?=")]
    public void Header_FollowsTheMessageItAgreedWith(string header, string own, string expected)
    {
        var headers = new HeaderDictionary { ["Mcp-Name"] = header };

        MirroredName.Follow(headers, "shown", own);

        Assert.Equal(expected, headers["Mcp-Name"].ToString());
    }

    [Fact]
    public void NoHeader_StaysNone()
    {
        var headers = new HeaderDictionary();

        MirroredName.Follow(headers, "shown", "own");

        Assert.Empty(headers);
    }
}
