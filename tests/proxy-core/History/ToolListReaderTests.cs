using System.IO.Compression;
using System.Text;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.History;
using Xunit;

namespace Tunnel.ProxyCore.Tests.History;

public sealed class ToolListReaderTests
{
    private const string Answer =
        """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a","description":"d","inputSchema":{"type":"object","b":1},"_meta":{"x":"y"}}]}}""";

    [Fact]
    public void Tools_AreReadWithoutMeta_AndWhateverTheOrderOfTheirMembers()
    {
        const string Other =
            """{"result":{"tools":[{"inputSchema":{"b":1,"type":"object"},"description":"d","_meta":{"x":"z"},"name":"a"}]},"id":1,"jsonrpc":"2.0"}""";

        var (one, other) = (Read(Answer), Read(Other));

        var tool = Assert.Single(one!.Tools);
        Assert.Equal("""{"name":"a","description":"d","inputSchema":{"b":1,"type":"object"}}""", tool.Json);
        Assert.Equal(tool, Assert.Single(other!.Tools));
        Assert.True(one.IsComplete);
    }

    [Fact]
    public void EventStreamsAndCodedBodies_AreReadToo()
    {
        using var coded = new MemoryStream();
        using (var gzip = new GZipStream(coded, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Answer));
        }

        var streamed = Read(
            $": hello\n\nevent: message\ndata: {{\"method\":\"n\"}}\n\nevent: message\ndata: {Answer}\n\n",
            "text/event-stream"
        );
        var unpacked = ToolListReader.Read(
            new ToolListAnswer("s", DateTimeOffset.UnixEpoch, "{}"u8.ToArray(), coded.ToArray(), "application/json", "gzip")
        );

        Assert.Equal("a", Assert.Single(streamed!.Tools).Name);
        Assert.Equal("a", Assert.Single(unpacked!.Tools).Name);
    }

    [Fact]
    public void CodedBodyThatIsFarLonger_IsLeft()
    {
        using var coded = new MemoryStream();
        using (var gzip = new GZipStream(coded, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Answer));
            gzip.Write(Encoding.UTF8.GetBytes(new string(' ', 5 << 20)));
        }

        Assert.True(coded.Length < 64 * 1024);
        Assert.Null(
            ToolListReader.Read(
                new ToolListAnswer("s", DateTimeOffset.UnixEpoch, "{}"u8.ToArray(), coded.ToArray(), "application/json", "gzip")
            )
        );
    }

    [Fact]
    public void PagesOfAList_AreNotAllOfIt()
    {
        var first = Read("""{"result":{"tools":[],"nextCursor":"2"}}""");
        var last = Read(Answer, request: """{"params":{"cursor":"2"}}""");

        Assert.False(first!.IsComplete);
        Assert.False(last!.IsComplete);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"result":{"tools":{}}}""")]
    [InlineData("""{"error":{"code":1}}""")]
    [InlineData("""{"result":"x"}""")]
    public void WhatIsNoList_IsLeft(string body) => Assert.Null(Read(body));

    [Fact]
    public void ToolsThatAreNone_AreLeftOut()
    {
        var tooLong = $$$"""{"name":"{{{new string('n', 300)}}}"},{"name":"big","description":"{{{new string('d', 70_000)}}}"}""";

        var listing = Read($$$"""{"result":{"tools":[1,{},{"name":5},{{{tooLong}}},{"name":"ok"}]}}""");

        Assert.Equal("ok", Assert.Single(listing!.Tools).Name);
    }

    private static ToolListing? Read(string body, string type = "application/json", string request = "{}") =>
        ToolListReader.Read(
            new ToolListAnswer(
                "s",
                DateTimeOffset.UnixEpoch,
                Encoding.UTF8.GetBytes(request),
                Encoding.UTF8.GetBytes(body),
                type,
                ContentEncoding: null
            )
        );
}
