using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Streams;
using Tunnel.Tests;
using Tunnel.Tests.Origins;
using Xunit;
using Yarp.ReverseProxy.Forwarder;

namespace Tunnel.ProxyCore.Tests.Forwarding;

/// <summary>A next hop that turns out not to be there while the caller still sends its body: the next attempt gets the whole body.</summary>
public sealed class SecondAttemptTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("Content-Length: 8\r\n\r\n", "", "halfrest")]
    [InlineData("Content-Length: 8\r\n\r\n", "half", "rest")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "4\r\nhalf\r\n", "4\r\nrest\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "", "8\r\nhalfrest\r\n0\r\n\r\n")]
    public async Task GoneWhileItWaitsForMore_NextGetsTheWholeBody(string framing, string before, string after) =>
        await CheckAsync(new GoneHop(bytes => new CountedSink(bytes), before.Length == 0 ? 0 : 4), framing, before, after);

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task GoneWhileItIsSentMore_NextGetsTheWholeBody() =>
        await CheckAsync(new GoneHop(_ => new StuckSink(), 4), "Content-Length: 8\r\n\r\n", "half", "rest");

    private static async Task CheckAsync(GoneHop gone, string framing, string before, string after)
    {
        var outcomes = new List<ForwardOutcome>();
        await using var front = await StartAsync(gone, new EchoHop(), outcomes);
        await using var caller = await RawHttpClient.ConnectAsync(new Uri(front.Urls.Single()), Token);

        await caller.SendAsync($"POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{framing}{before}", Token);
        await gone.Sending.WaitAsync(Token);
        gone.Leave();
        await gone.Left.WaitAsync(Token);
        await caller.SendAsync(after, Token);
        var response = await caller.ReadResponseAsync(Token, "POST");

        Assert.Equal([ForwardOutcome.NotConnected, ForwardOutcome.Completed], outcomes);
        Assert.Equal((200, "halfrest"), (response.StatusCode, Encoding.Latin1.GetString(await response.ReadBodyAsync(Token))));
    }

    private static async Task<WebApplication> StartAsync(HttpMessageHandler first, HttpMessageHandler second, List<ForwardOutcome> outcomes)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddHttpForwarder().AddLogging();
        var front = builder.Build();
        var forwarder = new StreamingForwarder(front.Services.GetRequiredService<IHttpForwarder>());
        front.Run(async context =>
        {
            var body = RequestBodyTap.Attach(context);
            foreach (var hop in new[] { first, second })
            {
                using var invoker = new HttpMessageInvoker(new PromptRequestBodyHandler(hop));
                var destination = new ForwardDestination("http://a", invoker, HttpVersion.Version20, true, TimeSpan.FromMinutes(1));
                outcomes.Add(await forwarder.SendAsync(context, "/mcp", destination, body));
                Assert.True(body.TryRewind());
            }

            body.Release();
        });
        await front.StartAsync(Token);
        return front;
    }

    /// <summary>Says that it is not there once it was told to leave, as HTTP/2 does: what sends the body is stopped, and not waited for.</summary>
    private sealed class GoneHop(Func<int, SignallingSink> sink, int bytes) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _sending = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Sending => _sending.Task;

        public Task Left => _left.Task;

        public void Leave() => _leave.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var leaving = new CancellationTokenSource();
            await using var body = sink(bytes);
            var copying = request.Content!.CopyToAsync(body, context: null, leaving.Token);
            await body.Reached.WaitAsync(cancellationToken);
            _sending.SetResult();
            await _leave.Task.WaitAsync(cancellationToken);
            await leaving.CancelAsync();
            await copying.ContinueWith(static _ => { }, TaskScheduler.Default);
            _left.SetResult();
            throw new HttpRequestException("not here", new NextHopGoneException());
        }
    }

    private sealed class EchoHop : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new() { Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken)) };
    }

    private abstract class SignallingSink : WriteOnlyStream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        protected void Reach() => _reached.TrySetResult();
    }

    /// <summary>Tells when it has so many bytes.</summary>
    private sealed class CountedSink : SignallingSink
    {
        private int _left;

        public CountedSink(int bytes)
        {
            _left = bytes;
            if (bytes == 0)
            {
                Reach();
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if ((_left -= buffer.Length) == 0)
            {
                Reach();
            }

            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Takes nothing, until it is given up.</summary>
    private sealed class StuckSink : SignallingSink
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reach();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
