using System.Buffers.Binary;
using System.Text;
using Tunnel.Relay.Domains.Dns;
using Xunit;

namespace Tunnel.Relay.Tests.Domains.Dns;

public sealed class TxtMessageTests
{
    private static readonly byte[] s_question = TxtMessage.Ask(0x1234, "_mcpr-challenge.mcp.example.com");

    [Fact]
    public void Question_IsAsDnsWritesIt()
    {
        Assert.Equal(
            "1234 0100 0001 0000 0000 0000 03 6D6370 07 6578616D706C65 03 636F6D 00 0010 0001".Replace(" ", "", StringComparison.Ordinal),
            Convert.ToHexString(TxtMessage.Ask(0x1234, "mcp.example.com"))
        );
    }

    [Fact]
    public void Texts_AreReadPastAliasesAndPutTogether()
    {
        var answer = Answer(
            0,
            Record(5, [1, (byte)'x', 0]),
            Record(16, Pieces("mcpr-", "abc")),
            Record(16, Pieces("v=spf1 -all")),
            Record(16, [])
        );

        Assert.Equal(["mcpr-abc", "v=spf1 -all", ""], TxtMessage.ReadAnswer(answer, s_question));
    }

    [Fact]
    public void NameThatDoesNotExist_HasNone()
    {
        Assert.Empty(TxtMessage.ReadAnswer(Answer(3), s_question));
        Assert.Empty(TxtMessage.ReadAnswer(Answer(0), s_question));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void ResolverThatFails_SaysNothingAboutTheName(int code)
    {
        Assert.Throws<DnsUnavailableException>(() => TxtMessage.ReadAnswer(Answer(code), s_question));
    }

    [Fact]
    public void AnswerToAnotherQuestion_IsNone()
    {
        var other = Answer(0);
        other[1]++;
        Assert.Throws<DnsUnavailableException>(() => TxtMessage.ReadAnswer(other, s_question));
        Assert.Throws<DnsUnavailableException>(() => TxtMessage.ReadAnswer(s_question, s_question));
        var elsewhere = Answer(0);
        elsewhere[20]++;
        Assert.Throws<DnsUnavailableException>(() => TxtMessage.ReadAnswer(elsewhere, s_question));
    }

    [Fact]
    public void AnswerCutAnywhere_IsNone()
    {
        var answer = Answer(0, Record(16, Pieces("one", "two")));
        for (var length = 0; length < answer.Length; length++)
        {
            Assert.Throws<DnsUnavailableException>(() => TxtMessage.ReadAnswer(answer.AsSpan(0, length), s_question));
        }
    }

    [Fact]
    public void AnyBytes_AreReadOrRefused()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var answer = Answer(0, Record(16, Pieces("one", "two")), Record(16, Pieces("three")));
            for (var change = 0; change < 4; change++)
            {
                answer[random.Next(answer.Length)] = (byte)random.Next(256);
            }

            try
            {
                TxtMessage.ReadAnswer(answer.AsSpan(0, random.Next(answer.Length + 1)), s_question);
            }
            catch (DnsUnavailableException)
            {
                // Refused.
            }
        }
    }

    private static byte[] Pieces(params string[] pieces) =>
        [.. pieces.SelectMany(piece => (byte[])[(byte)piece.Length, .. Encoding.ASCII.GetBytes(piece)])];

    /// <summary>A record of the name that the question has, by a pointer to it.</summary>
    private static byte[] Record(int type, byte[] data) =>
        [0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    private static byte[] Answer(int code, params byte[][] records)
    {
        byte[] answer = [.. s_question, .. records.SelectMany(record => record)];
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), (ushort)(0x8180 | code));
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), (ushort)records.Length);
        return answer;
    }
}
