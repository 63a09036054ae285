using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Transport;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Edge;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Tests.Tunnels;
using Tunnel.Relay.Tunnels;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Edge;

/// <summary>What is sent once more, and what never is.</summary>
public sealed class RepeatTests : IDisposable
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private readonly ServiceProvider _services;
    private readonly RelayOptions _options = new() { Hold = TimeSpan.FromMilliseconds(200) };
    private readonly TunnelRegistry _tunnels;
    private readonly TunnelForwarder _forwarder;
    private readonly TunnelSession _session = Sessions.Create();
    private readonly List<string> _lines = [];

    public RepeatTests()
    {
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging().AddSingleton<RelayMetrics>();
        services.AddStreamingForwarder();
        _services = services.BuildServiceProvider();
        var options = Options.Create(_options);
        _tunnels = new TunnelRegistry(options, TimeProvider.System, NullLogger<TunnelRegistry>.Instance);
        _tunnels.TryOpen(_session, out _);
        _forwarder = new TunnelForwarder(
            _tunnels,
            away: null!,
            new NodeForwarder(new NoOtherNodes(), _services.GetRequiredService<StreamingForwarder>()),
            new RequestHold(options, TimeProvider.System, _services.GetRequiredService<RelayMetrics>()),
            new RunningExchanges(),
            _services.GetRequiredService<StreamingForwarder>(),
            options,
            new EdgeOutcomes(_services.GetRequiredService<RelayMetrics>(), new LineLogger(_lines)),
            TimeProvider.System
        );
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task RequestThatNobodyWorkedOn_GoesToTheNextConnection(string method)
    {
        using var leaving = await AddAsync((peer, _) => peer.GoAwayAsync());
        using var staying = await AddAsync((peer, stream) => peer.AnswerAsync(stream));

        var statuses = new List<int>();
        for (var call = 0; call < 4; call++)
        {
            statuses.Add((await SendAsync(method)).StatusCode);
        }

        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task RefusedStream_IsSentAgain(string method)
    {
        var requests = 0;
        using var peer = await AddAsync((peer, stream) => requests++ == 0 ? peer.RefuseAsync(stream) : peer.AnswerAsync(stream));

        var response = await SendAsync(method);

        Assert.Equal((200, 2), (response.StatusCode, requests));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectionThatBreaks_IsNoReasonToSendARequestAgain()
    {
        var requests = 0;
        using var breaking = await AddAsync(
            (peer, _) =>
            {
                requests++;
                peer.Dispose();
                return Task.CompletedTask;
            }
        );

        var response = await SendAsync("POST");

        Assert.Equal((502, "E3201", 1), (response.StatusCode, response.Headers["mcpr-error"].ToString(), requests));
        Assert.Matches("^next hop broke name=otter .* cause=.{10}", _lines[0]);
    }

    public void Dispose()
    {
        _tunnels.Dispose();
        _services.Dispose();
    }

    private async Task<Http2Peer> AddAsync(Func<Http2Peer, int, Task> onRequest)
    {
        var peer = await Http2Peer.ConnectAsync(Cancellation);
        _ = peer.ServeAsync(stream => onRequest(peer, stream));
        var connection = new DataConnection(new WebSocketByteStream(peer.WebSocket), _options);
        _session.TryAdd(connection);
        connection.MarkReady();
        _tunnels.ConnectionReady(_session);
        return peer;
    }

    private async Task<HttpResponse> SendAsync(string method)
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/mcp";
        context.Request.Method = method;
        context.Request.Protocol = "HTTP/1.1";
        context.Request.Host = new HostString("otter.localhost");
        context.Response.Body = new MemoryStream();
        if (HttpMethods.IsPost(method))
        {
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(Call));
            context.Request.ContentLength = Call.Length;
            context.Request.ContentType = "application/json";
        }

        var tap = RequestBodyTap.Attach(context);
        await _forwarder.ForwardAsync(context, "otter", tap);
        tap.Release();
        return context.Response;
    }

    private sealed class LineLogger(List<string> lines) : ILogger<EdgeOutcomes>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Add(formatter(state, exception));
    }
}
