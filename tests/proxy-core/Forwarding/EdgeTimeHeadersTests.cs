using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Forwarding;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Forwarding;

public sealed class EdgeTimeHeadersTests
{
    private readonly HttpRequest _request = new DefaultHttpContext().Request;

    [Theory]
    [InlineData(0.153, 0)]
    [InlineData(9_870.5, 9_800.25)]
    public void Times_ComeOverToTheMicrosecond_AndAreTakenOff(double edge, double held)
    {
        var (atEdge, inHold) = (TimeSpan.FromMilliseconds(edge), TimeSpan.FromMilliseconds(held));

        EdgeTimeHeaders.Write(_request, atEdge, inHold);
        var taken = EdgeTimeHeaders.Take(_request);

        Assert.Equal((atEdge, inHold), taken);
        Assert.Empty(_request.Headers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("9999999999999")]
    public void WhatIsNoTime_IsTakenOffAndNotBelieved(string value)
    {
        _request.Headers["mcpr-edge-time"] = value;

        Assert.Null(EdgeTimeHeaders.Take(_request));
        Assert.Empty(_request.Headers);
    }

    [Fact]
    public void HoldWithoutEdge_IsTakenOffAndNotBelieved()
    {
        _request.Headers["mcpr-hold-time"] = "5";

        Assert.Null(EdgeTimeHeaders.Take(_request));
        Assert.Empty(_request.Headers);
    }
}
