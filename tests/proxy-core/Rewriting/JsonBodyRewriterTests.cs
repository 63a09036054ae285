using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.Rewriting;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Rewriting;

public sealed class JsonBodyRewriterTests
{
    [Theory]
    [InlineData("""{"old": 1.50, "z":1e3}""", """{"new": 1.50, "z":1e3}""")]
    [InlineData("""[{"a":1},{"old":2}]""", """[{"a":1},{"new":2}]""")]
    [InlineData("""{"other":1}""", """{"other":1}""")]
    [InlineData("not json, old", "not json, old")]
    [InlineData("""{"old":1""", """{"old":1""")]
    [InlineData("", "")]
    public void Message_IsChangedWhereARuleSaysSo(string body, string expected)
    {
        Assert.Equal(expected, Rewrite(Encoding.UTF8.GetBytes(body), limit: 1024));
    }

    [Fact]
    public void LongerThanTheLimit_PassesUnread()
    {
        var body = $$"""{"old":"{{new string('x', 100)}}"}""";

        Assert.Equal(body, Rewrite(Encoding.UTF8.GetBytes(body), limit: 64));
    }

    private static string Rewrite(byte[] body, int limit)
    {
        var rewriter = new JsonBodyRewriter(new MessageEditor([new RenameOld()], Scopes.Any()), limit);
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in body.Chunk(7))
        {
            rewriter.Write(piece, output);
        }

        rewriter.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
