using Tunnel.ProxyCore.Transport;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Transport;

public sealed class Http2FramesTests
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte Continuation = 9;
    private const byte EndHeaders = 4;

    [Fact]
    public void NothingSentYet_IsNoPlaceForAFrame()
    {
        Assert.False(new Http2Frames().IsBetweenFrames);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void BytesInAnyPieces_OnlyTheEndsOfFramesAreBetweenThem(int piece)
    {
        byte[][] sent =
        [
            Frame(Settings, 0, 18),
            Frame(Headers, EndHeaders, 40),
            Frame(Data, 0, 300),
            Frame(Data, 1, 0),
            Http2Frames.Ping.ToArray(),
        ];
        var ends = Ends(sent);
        var bytes = sent.SelectMany(frame => frame).ToArray();
        var frames = new Http2Frames();

        for (var passed = 0; passed < bytes.Length; )
        {
            var length = Math.Min(piece, bytes.Length - passed);
            frames.Pass(bytes.AsSpan(passed, length));
            passed += length;

            Assert.Equal(ends.Contains(passed), frames.IsBetweenFrames);
        }
    }

    [Fact]
    public void HeaderBlockOfSeveralFrames_StaysTogether()
    {
        var frames = new Http2Frames();
        frames.Pass(Frame(Settings, 0, 0));

        frames.Pass(Frame(Headers, 0, 20));
        Assert.False(frames.IsBetweenFrames);
        frames.Pass(Frame(Continuation, 0, 20));
        Assert.False(frames.IsBetweenFrames);
        frames.Pass(Frame(Continuation, EndHeaders, 20));

        Assert.True(frames.IsBetweenFrames);
    }

    private static byte[] Frame(byte type, byte flags, int length)
    {
        byte[] header = [(byte)(length >> 16), (byte)(length >> 8), (byte)length, type, flags, 0, 0, 0, 1];
        return [.. header, .. Enumerable.Repeat((byte)0xFF, length)];
    }

    private static HashSet<int> Ends(byte[][] frames)
    {
        var end = 0;
        return [.. frames.Select(frame => end += frame.Length)];
    }
}
