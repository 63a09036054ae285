using System.Text;
using Tunnel.ProxyCore.Routing;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Routing;

public sealed class LegacyEndpointReaderTests
{
    private readonly List<string> _announced = [];

    [Theory]
    [InlineData("event: endpoint\ndata: /messages?sessionId=1\n\n")]
    [InlineData("event:endpoint\r\ndata:/messages?sessionId=1\r\n\r\n")]
    [InlineData("data: /messages?sessionId=1\nid: 5\nevent: endpoint\n\nevent: endpoint\ndata: /second\n\n")]
    public void FirstEventSplitAnywhere_TellsTheEndpoint(string stream)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var split = 0; split <= bytes.Length; split++)
        {
            _announced.Clear();
            var reader = new LegacyEndpointReader(_announced.Add);

            reader.Feed(bytes.AsSpan(0, split));
            reader.Feed(bytes.AsSpan(split));

            Assert.Equal("/messages?sessionId=1", Assert.Single(_announced));
        }
    }

    [Theory]
    [InlineData("event: message\ndata: {}\n\nevent: endpoint\ndata: /late\n\n")]
    [InlineData("event: endpoint\n\n")]
    [InlineData("data: /x\n\n")]
    public void AnyOtherFirstEvent_TellsNothing(string stream)
    {
        new LegacyEndpointReader(_announced.Add).Feed(Encoding.UTF8.GetBytes(stream));

        Assert.Empty(_announced);
    }

    [Fact]
    public void EndlessFirstEvent_IsGivenUp()
    {
        var reader = new LegacyEndpointReader(_announced.Add);

        reader.Feed(new byte[10_000]);
        reader.Feed("event: endpoint\ndata: /late\n\n"u8);

        Assert.Empty(_announced);
    }
}
