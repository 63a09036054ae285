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
    [Fact]
    public async Task NextHopIsLostWhileTheCallerStillSends_CallerIsNotBlamed()
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
        context.Request.Body = new SilentCaller();

        var outcome = await forwarder.SendAsync(context, "/mcp", destination, RequestBodyTap.Attach(context));

        Assert.Equal(ForwardOutcome.Broke, outcome);
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

    private sealed class SilentCaller : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }
    }
}
