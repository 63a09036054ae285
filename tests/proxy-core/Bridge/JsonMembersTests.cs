using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Rewriting;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Bridge;

public sealed class JsonMembersTests
{
    [Theory]
    [InlineData("""{"x":1}""", "{}")]
    [InlineData("""{ "x" : [1,{"x":2}] , "a":1.0 }""", """{ "a":1.0 }""")]
    [InlineData("""{"a":1,"x":2,"b":3}""", """{"a":1,"b":3}""")]
    [InlineData("""{"x":0,"x1":0,"a":1,"x2":2,"x3":3,"b":4,"x":5}""", """{"a":1,"b":4}""")]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("[1]", "[1]")]
    public void Members_AreTakenOutWithTheirCommas(string json, string expected)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var edits = new JsonEdits();

        JsonMembers.Remove(edits, text, new JsonSpan(0, text.Length), name => name.StartsWith('x'));

        Assert.Equal(expected, Apply(edits, text));
    }

    [Theory]
    [InlineData("{}", """{"n":1}""")]
    [InlineData("{ }", """{"n":1 }""")]
    [InlineData("""{ "a":1}""", """{"n":1, "a":1}""")]
    public void Members_ArePutInFront(string json, string expected)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var edits = new JsonEdits();

        JsonMembers.Prepend(edits, text, new JsonSpan(0, text.Length), "\"n\":1"u8);

        Assert.Equal(expected, Apply(edits, text));
    }

    private static string Apply(JsonEdits edits, byte[] text)
    {
        var output = new ArrayBufferWriter<byte>();
        edits.Apply(text, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
