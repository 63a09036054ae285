using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Tests;
using Tunnel.Tests.Origins;
using Xunit;
using Yarp.ReverseProxy.Forwarder;

namespace Tunnel.ProxyCore.Tests.Forwarding;

public sealed class PromptRequestBodyHandlerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(null)]
    [InlineData(8L)]
    public async Task PieceOfABody_LeavesBeforeTheBodyEnds(long? length)
    {
        var arrived = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                arrived.SetResult(Encoding.Latin1.GetString((await request.ReadBodyChunkAsync()).Span));
                await request.ReadBodyAsync();
                await connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
            }
        );
        var body = new Pipe();
        using var client = new HttpMessageInvoker(new PromptRequestBodyHandler(new SocketsHttpHandler { UseProxy = false }));
        using var request = new HttpRequestMessage(HttpMethod.Post, origin.BaseAddress);
        request.Content = new StreamContent(body.Reader.AsStream());
        request.Content.Headers.ContentLength = length;

        var sending = client.SendAsync(request, Token);
        await body.Writer.WriteAsync("half"u8.ToArray(), Token);
        var first = await arrived.Task.WaitAsync(Token);
        await body.Writer.WriteAsync("rest"u8.ToArray(), Token);
        await body.Writer.CompleteAsync();
        using var response = await sending;

        Assert.Equal("half", first);
        Assert.Equal("halfrest", Encoding.Latin1.GetString(origin.Requests[0].Body.Span));
        Assert.Equal(length is null ? "chunked" : null, origin.Requests[0].Header("Transfer-Encoding"));
        Assert.Equal(length?.ToString(), origin.Requests[0].Header("Content-Length"));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("Content-Length: 8\r\n\r\nhalfrest", "halfrest")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n8\r\nhalfrest\r\n0\r\n\r\n", "halfrest|")]
    [InlineData("Content-Length: 0\r\n\r\n", "")]
    public async Task BodyCameWithItsHead_HeadIsNotFlushedByItself(string rest, string expected)
    {
        using var wire = new FlushRecordingStream();
        await using var proxy = await ForwardingToAsync(wire);
        await using var caller = await RawHttpClient.ConnectAsync(proxy.BaseAddress, Token);

        await caller.SendAsync("POST / HTTP/1.1\r\nHost: a\r\n" + rest, Token);

        Assert.Equal(204, (await caller.ReadResponseAsync(Token)).StatusCode);
        Assert.Equal(expected, wire.Text);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("Content-Length: 8\r\n\r\n", "halfrest", "|halfrest")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "8\r\nhalfrest\r\n0\r\n\r\n", "|halfrest|")]
    public async Task BodyComesLater_HeadLeavesBeforeIt(string rest, string body, string expected)
    {
        using var wire = new FlushRecordingStream();
        await using var proxy = await ForwardingToAsync(wire);
        await using var caller = await RawHttpClient.ConnectAsync(proxy.BaseAddress, Token);

        await caller.SendAsync("POST / HTTP/1.1\r\nHost: a\r\n" + rest, Token);
        await wire.Flushed.WaitAsync(Token);
        await caller.SendAsync(body, Token);

        Assert.Equal(204, (await caller.ReadResponseAsync(Token)).StatusCode);
        Assert.Equal(expected, wire.Text);
    }

    [Fact]
    public async Task LastPieceOfKnownLength_IsNotFlushedByItself()
    {
        using var content = new PiecesContent(["ab", "cd", "ef"], length: 6);

        Assert.Equal("ab|cd|ef", await SentAsync(content));
    }

    [Fact]
    public async Task EveryPieceOfUnknownLength_IsFlushed()
    {
        using var content = new PiecesContent(["ab", "cd", "ef"], length: null);

        Assert.Equal("ab|cd|ef|", await SentAsync(content));
    }

    [Fact]
    public async Task ContentHeaders_StayAsTheyWere()
    {
        using var content = new PiecesContent(["ab"], length: 2);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json;charset=UTF-8");
        content.Headers.TryAddWithoutValidation("Content-Language", ["de", "not a language"]);
        var capture = new CapturingHandler(Stream.Null);
        using var client = new HttpMessageInvoker(new PromptRequestBodyHandler(capture));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/");
        request.Content = content;

        using var response = await client.SendAsync(request, Token);

        Assert.Equal(
            ["Content-Language: de, not a language", "Content-Type: application/json;charset=UTF-8"],
            capture.Headers.Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public async Task RequestWithoutBody_GetsNone()
    {
        var capture = new CapturingHandler(Stream.Null);
        using var client = new HttpMessageInvoker(new PromptRequestBodyHandler(capture));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/");

        using var response = await client.SendAsync(request, Token);

        Assert.Null(request.Content);
    }

    /// <summary>Forwards what it gets to an HTTP client that writes the body into <paramref name="wire"/>.</summary>
    private static Task<KestrelHost> ForwardingToAsync(FlushRecordingStream wire)
    {
        var services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        var forwarder = new StreamingForwarder(services.GetRequiredService<IHttpForwarder>());
        var invoker = new HttpMessageInvoker(new PromptRequestBodyHandler(new CapturingHandler(wire)));
        var next = new ForwardDestination("http://next.test", invoker, HttpVersion.Version11, KeepHost: true, TimeSpan.FromMinutes(1));
        return KestrelHost.StartAsync(
            async (context, _) => await forwarder.SendAsync(context, "/", next, RequestBodyTap.Attach(context)),
            Token
        );
    }

    /// <summary>What reached the wire's stream, with a bar for every flush.</summary>
    private static async Task<string> SentAsync(HttpContent content)
    {
        using var wire = new FlushRecordingStream();
        using var client = new HttpMessageInvoker(new PromptRequestBodyHandler(new CapturingHandler(wire)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/");
        request.Content = content;
        using var response = await client.SendAsync(request, Token);
        return wire.Text;
    }

    private sealed class CapturingHandler(Stream wire) : HttpMessageHandler
    {
        public IReadOnlyList<string> Headers { get; private set; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content)
            {
                await content.CopyToAsync(wire, cancellationToken);
                Headers = [.. content.Headers.NonValidated.Select(header => $"{header.Key}: {header.Value}")];
            }

            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }
    }

    private sealed class FlushRecordingStream : MemoryStream
    {
        private readonly TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Flushed => _flushed.Task;

        public string Text => Encoding.ASCII.GetString(ToArray());

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            WriteByte((byte)'|');
            _flushed.TrySetResult();
            return Task.CompletedTask;
        }
    }

    private sealed class PiecesContent(string[] pieces, long? length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var piece in pieces)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(piece), Token);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length ?? 0;
            return length is not null;
        }
    }
}
