using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.JsonRpc;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Exchanges;

public sealed class RequestBodyTapTests
{
    private const string Call = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search"}}""";

    private static readonly JsonRpcSummary s_call = new()
    {
        Id = "7",
        Method = "tools/call",
        Name = "search",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Body_GoesThroughUnchanged()
    {
        var bytes = new byte[200_000];
        new Random(4711).NextBytes(bytes);
        var context = Context(bytes);
        var tap = RequestBodyTap.Attach(context);
        using var copy = new MemoryStream();

        await context.Request.Body.CopyToAsync(copy, Token);

        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(bytes.Length, tap.BytesRead);
    }

    [Fact]
    public async Task WholeBodyWasRead_LosingTheNextHopIsNoFailureToRead()
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        context.Request.ContentLength = Call.Length;
        _ = RequestBodyTap.Attach(context);
        await context.Request.Body.ReadExactlyAsync(new byte[Call.Length], Token);

        Assert.Equal(0, await context.Request.Body.ReadAsync(new byte[1], new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task CallReadToItsEnd_IsSummarised()
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        var tap = RequestBodyTap.Attach(context);

        await context.Request.Body.CopyToAsync(Stream.Null, Token);

        Assert.Equal(s_call, tap.Summarize());
    }

    [Fact]
    public async Task CallReadInPart_IsSummarisedByWhatCame()
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        var tap = RequestBodyTap.Attach(context);

        await context.Request.Body.ReadExactlyAsync(new byte[Call.IndexOf(",\"params", StringComparison.Ordinal)], Token);

        Assert.Equal(s_call with { Name = null }, tap.Summarize());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(4096)]
    public async Task CallInSmallPieces_IsSummarised(int pieceLength)
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        var tap = RequestBodyTap.Attach(context);
        var piece = new byte[pieceLength];

        while (await context.Request.Body.ReadAsync(piece, Token) > 0)
        {
            piece.AsSpan().Clear();
        }

        Assert.Equal(s_call, tap.Summarize());
    }

    [Fact]
    public async Task CallBeyondTheLimit_IsSummarisedByItsHead()
    {
        var bytes = Encoding.UTF8.GetBytes(
            Call.Replace("\"search\"", $"\"search\",\"text\":\"{new string('x', RequestBodyTap.HeadLimit)}\"", StringComparison.Ordinal)
        );
        var context = Context(bytes);
        var tap = RequestBodyTap.Attach(context);

        await context.Request.Body.CopyToAsync(Stream.Null, Token);

        Assert.Equal(s_call, tap.Summarize());
        Assert.Equal(bytes.Length, tap.BytesRead);
    }

    [Fact]
    public async Task WhatComesAfterTheLimit_IsNotKept()
    {
        var json = $$"""{"padding":"{{new string('x', RequestBodyTap.HeadLimit)}}","jsonrpc":"2.0","method":"late"}""";
        var context = Context(Encoding.UTF8.GetBytes(json));
        var tap = RequestBodyTap.Attach(context);

        await context.Request.Body.CopyToAsync(Stream.Null, Token);

        Assert.Null(tap.Summarize());
    }

    [Fact]
    public async Task CallOfExactlyTheLimit_IsWhole()
    {
        var call = Call.PadRight(RequestBodyTap.HeadLimit);
        var context = Context(Encoding.UTF8.GetBytes(call));
        var tap = RequestBodyTap.Attach(context);

        await context.Request.Body.CopyToAsync(Stream.Null, Token);

        Assert.Equal(s_call, tap.Summarize());
    }

    [Theory]
    [InlineData("POST", "text/plain")]
    [InlineData("POST", null)]
    [InlineData("PUT", "application/json")]
    public async Task OtherBodies_AreCountedButNotKept(string method, string? contentType)
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        context.Request.Method = method;
        context.Request.ContentType = contentType;
        var tap = RequestBodyTap.Attach(context);

        await context.Request.Body.CopyToAsync(Stream.Null, Token);

        Assert.Null(tap.Summarize());
        Assert.Equal(Call.Length, tap.BytesRead);
    }

    [Fact]
    public async Task EveryPiece_ReportsProgress()
    {
        var context = Context(new byte[10]);
        var tap = RequestBodyTap.Attach(context);
        List<long> seen = [];
        tap.Progressed = () => seen.Add(tap.BytesRead);

        while (await context.Request.Body.ReadAsync(new byte[4], Token) > 0)
        {
            // Only the reports matter.
        }

        Assert.Equal([4, 8, 10], seen);
    }

    [Fact]
    public async Task ReadIntoNoBytes_IsNotTheEnd()
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        var tap = RequestBodyTap.Attach(context);
        await context.Request.Body.ReadExactlyAsync(new byte[60], Token);

        var read = await context.Request.Body.ReadAsync(Memory<byte>.Empty, Token);

        Assert.Equal(0, read);
        Assert.Equal("7", tap.Summarize()?.Id);
    }

    [Fact]
    public async Task ReadAndSummarize_ReadsWhatNobodyRead()
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        var tap = RequestBodyTap.Attach(context);
        await context.Request.Body.ReadExactlyAsync(new byte[5], Token);

        Assert.Equal(s_call, await tap.ReadAndSummarizeAsync(Token));
    }

    [Fact]
    public async Task ReadAndSummarizeOfAnEndlessBody_StopsAtTheLimit()
    {
        var context = Context([]);
        context.Request.Body = new EndlessBody(Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":7,"method":"m","text":" """));
        var tap = RequestBodyTap.Attach(context);

        var summary = await tap.ReadAndSummarizeAsync(Token);

        Assert.Equal("7", summary?.Id);
        Assert.InRange(tap.BytesRead, RequestBodyTap.HeadLimit, RequestBodyTap.HeadLimit + 64 * 1024);
    }

    [Fact]
    public async Task ReadAndSummarizeOfABrokenBody_TellsWhatCame()
    {
        var context = Context([]);
        context.Request.Body = new BrokenBody(Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":7,"method":"m","text":" """));
        var tap = RequestBodyTap.Attach(context);

        Assert.Equal("7", (await tap.ReadAndSummarizeAsync(Token))?.Id);
    }

    [Fact]
    public async Task ReadAndSummarizeOfAnotherBody_DoesNotReadIt()
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        context.Request.ContentType = "text/plain";
        var tap = RequestBodyTap.Attach(context);

        Assert.Null(await tap.ReadAndSummarizeAsync(Token));
        Assert.Equal(0, tap.BytesRead);
    }

    [Fact]
    public async Task Release_ForgetsTheHead()
    {
        var context = Context(Encoding.UTF8.GetBytes(Call));
        var tap = RequestBodyTap.Attach(context);
        await context.Request.Body.CopyToAsync(Stream.Null, Token);

        tap.Release();
        tap.Release();

        Assert.Null(tap.Summarize());
        Assert.Equal(Call.Length, tap.BytesRead);
    }

    private static DefaultHttpContext Context(byte[] body)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.ContentType = "application/json; charset=utf-8";
        context.Request.Body = new MemoryStream(body);
        return context;
    }

    /// <summary>The head and then x without end.</summary>
    private sealed class EndlessBody(byte[] head) : MemoryStream(head)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                buffer.Span.Fill((byte)'x');
            }

            return read == 0 ? buffer.Length : read;
        }
    }

    /// <summary>The head and then a connection that is gone.</summary>
    private sealed class BrokenBody(byte[] head) : MemoryStream(head)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 || buffer.IsEmpty ? read : throw new IOException("gone");
        }
    }
}
