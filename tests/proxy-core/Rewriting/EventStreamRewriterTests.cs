using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.Rewriting;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Rewriting;

public sealed class EventStreamRewriterTests
{
    private const int Limit = 64;

    [Theory]
    [InlineData("data: {\"old\":1}\n\n", "data: {\"new\":1}\n\n")]
    [InlineData("data:{\"old\":1}\r\n\r\n", "data: {\"new\":1}\r\n\r\n")]
    [InlineData("data: {\"old\":1}\r\r", "data: {\"new\":1}\r\r")]
    [InlineData("id: 7\nevent: message\ndata: {\"old\":1}\nretry: 5\n\n", "id: 7\nevent: message\ndata: {\"new\":1}\nretry: 5\n\n")]
    [InlineData("data: {\ndata: \"old\":1}\n\n", "data: {\ndata: \"new\":1}\n\n")]
    [InlineData("data: {\nid: 7\ndata: \"old\":1}\n\n", "data: {\ndata: \"new\":1}\nid: 7\n\n")]
    public void ChangedMessage_IsWrittenInThePlaceOfItsData(string stream, string expected)
    {
        AssertForEverySplit(stream, expected);
    }

    [Theory]
    [InlineData(": comment\n\n")]
    [InlineData("\n\n\r\n\r")]
    [InlineData("id: 1\ndata:\n\n")]
    [InlineData("data: {\"other\":1}\n\ndata:x\n\n")]
    [InlineData("data: not json old\n\n")]
    [InlineData("data: {\"old\":1}")]
    [InlineData("data: {\"old\":1}\n")]
    [InlineData("\uFEFFdata: {\"old\":1}\n\n")]
    public void WhatNoRuleChanges_KeepsItsBytes(string stream)
    {
        AssertForEverySplit(stream, stream);
    }

    [Fact]
    public void EventBeyondTheLimit_PassesUnreadAndTheNextIsReadAgain()
    {
        var large = $"data: {{\"old\":\"{new string('x', Limit)}\"}}\nid: 3\n\n";

        AssertForEverySplit(large + "data: {\"old\":1}\n\n", large + "data: {\"new\":1}\n\n");
    }

    [Fact]
    public void LinesBeforeData_PassAtOnce()
    {
        var rewriter = new EventStreamRewriter(Editor(), endpoint: null, Limit);
        var output = new ArrayBufferWriter<byte>();

        rewriter.Write("id: 7\n: waiting\ndata: {"u8, output);

        Assert.Equal("id: 7\n: waiting\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static void AssertForEverySplit(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var first = 0; first <= bytes.Length; first++)
        {
            Assert.Equal(expected, Rewrite(bytes[..first], bytes[first..]));
        }

        Assert.Equal(expected, Rewrite([.. bytes.Chunk(1)]));
    }

    private static string Rewrite(params byte[][] pieces)
    {
        var rewriter = new EventStreamRewriter(Editor(), endpoint: null, Limit);
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in pieces)
        {
            rewriter.Write(piece, output);
        }

        rewriter.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static MessageEditor Editor() => new([new RenameOld()], Scopes.Any());
}
