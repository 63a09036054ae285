using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Streams;
using Xunit;
using Yarp.ReverseProxy.Forwarder;

namespace Tunnel.ProxyCore.Tests.Forwarding;

public sealed class StreamingForwarderTests
{
    [Theory]
    [InlineData(0, ForwardOutcome.NotConnected)]
    [InlineData(3, ForwardOutcome.Broke)]
    public async Task NextHopIsLostWhileTheCallerStillSends_CallerIsNotBlamed(int sent, ForwardOutcome expected)
    {
        await using var services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        var forwarder = new StreamingForwarder(services.GetRequiredService<IHttpForwarder>());
        using var invoker = new HttpMessageInvoker(new LostWhileSending());
        var destination = new ForwardDestination(
            "http://next.test",
            invoker,
            HttpVersion.Version20,
            KeepHost: true,
            TimeSpan.FromMinutes(1)
        );
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Post;
        context.Request.Protocol = "HTTP/1.1";
        context.Request.Scheme = "http";
        context.Request.ContentLength = 5;
        context.Request.Body = new CallerThatStops(sent);

        var outcome = await forwarder.SendAsync(context, "/mcp", destination, RequestBodyTap.Attach(context));

        Assert.Equal(expected, outcome);
    }

    /// <summary>An HTTP/2 client whose connection ends while it waits for the request's body.</summary>
    private sealed class LostWhileSending : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var lost = new CancellationTokenSource();
            var sending = request.Content!.CopyToAsync(Stream.Null, context: null, lost.Token);
            await lost.CancelAsync();
            await sending;
            throw new InvalidOperationException("there was no body to send");
        }
    }

    /// <summary>Sends so many bytes, and then nothing more.</summary>
    private sealed class CallerThatStops(int bytes) : ReadOnlyStream
    {
        private int _left = bytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = Math.Min(_left, buffer.Length);
            if (_left == 0)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            _left -= read;
            return read;
        }
    }
}
