using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Tests.Rewriting;
using Tunnel.ProxyCore.Tests.Servers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Routing;

public sealed class EndpointEventTests
{
    private const string Origin = "http://localhost:9000";

    [Theory]
    [InlineData(null, "/messages?sessionId=1", "/messages?sessionId=1", "/messages")]
    [InlineData(null, "messages/?id=a%2Fb", "/api/messages/?id=a%2Fb", "/api/messages/")]
    [InlineData(null, "http://localhost:9000/messages?x", "/messages?x", "/messages")]
    [InlineData("files", "/messages?sessionId=1", "/files/messages?sessionId=1", "/messages")]
    [InlineData("files", "/api/sse?sessionId=1", "/files/mcp?sessionId=1", "/api/sse")]
    [InlineData("files", "?sessionId=1", "/files/mcp?sessionId=1", "/api/sse")]
    [InlineData("files", "http://localhost:9000/messages", "/files/messages", "/messages")]
    [InlineData(null, "http://127.0.0.1:9000/messages", "/messages", "/messages")]
    [InlineData("files", "http://elsewhere.example/messages", "http://elsewhere.example/messages", null)]
    [InlineData("files", "//elsewhere.example/messages", "//elsewhere.example/messages", null)]
    [InlineData("files", "http://[", "http://[", null)]
    public void Client_IsToldItsOwnPath(string? name, string said, string told, string? announced)
    {
        var server = TestServers.Create(name, Origin + "/api/sse");

        var output = Stream(server, $": hi\r\nevent: endpoint\r\ndata: {said}\r\n\r\nevent: message\r\ndata: /messages\r\n\r\n");

        Assert.Equal($": hi\r\nevent: endpoint\r\ndata: {told}\r\n\r\nevent: message\r\ndata: /messages\r\n\r\n", output);
        Assert.Equal(announced is not null, server.Announced.Contains(announced ?? "/messages"));
    }

    private static string Stream(Tunnel.ProxyCore.Servers.McpServer server, string text)
    {
        var rewriter = new EventStreamRewriter(
            new MessageEditor([], Scopes.Any()),
            new EndpointEvent(server, server.Upstreams.All[0]),
            limit: 1024
        );
        var output = new ArrayBufferWriter<byte>();
        rewriter.Write(Encoding.UTF8.GetBytes(text), output);
        rewriter.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
