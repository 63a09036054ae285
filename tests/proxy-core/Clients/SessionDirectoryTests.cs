using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Events;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Clients;

public sealed class SessionDirectoryTests : IAsyncDisposable
{
    private static readonly ClientIdentity s_claude = new("Claude", "1");

    private readonly ManualTimeProvider _time = new();
    private readonly List<McpEvent> _events = [];
    private readonly ServiceProvider _services;
    private readonly SessionDirectory _sessions;

    public SessionDirectoryTests()
    {
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(_time)
            .AddMcpProxy(_ => { })
            .AddMcpEventSink(_events.Add)
            .BuildServiceProvider();
        _sessions = _services.GetRequiredService<SessionDirectory>();
    }

    [Fact]
    public void OpenedSession_KnowsItsClient()
    {
        _sessions.Open("s", s_claude, "2025-11-25");

        var open = _sessions.Begin("s");

        Assert.Equal((s_claude, "2025-11-25"), (open?.Client, open?.ProtocolVersion));
        Assert.Null(_sessions.Begin("another"));
    }

    [Fact]
    public void ClosedSession_IsForgottenWithoutAnEventOfItsOwn()
    {
        _sessions.Open("s", s_claude, protocolVersion: null);

        _sessions.Close("s");

        Assert.Null(_sessions.Begin("s"));
        Assert.Empty(_events);
    }

    [Fact]
    public void IdleSession_EndsAndAUsedOneDoesNot()
    {
        _sessions.Open("idle", s_claude, "2025-11-25");
        _sessions.Open("used", s_claude, protocolVersion: null);

        _time.Advance(TimeSpan.FromMinutes(20));
        _sessions.Begin("used")!.Done(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromMinutes(20));
        _sessions.EndIdle();

        Assert.NotNull(_sessions.Begin("used"));
        Assert.Null(_sessions.Begin("idle"));
        var ended = Assert.Single(_events);
        Assert.Equal(
            (EventTypes.SessionEnd, "idle", SessionEnds.Idle, "Claude", "2025-11-25"),
            (ended.Type, ended.Session, ended.Reason, ended.Client, ended.ProtocolVersion)
        );
    }

    [Fact]
    public void SessionWithAnOpenStream_IsNotIdle()
    {
        _sessions.Open("s", s_claude, protocolVersion: null);
        var stream = _sessions.Begin("s")!;

        _time.Advance(TimeSpan.FromHours(5));
        _sessions.EndIdle();
        Assert.Empty(_events);

        stream.Done(_time.GetTimestamp());
        _time.Advance(SessionDirectory.IdleLimit + TimeSpan.FromSeconds(1));
        _sessions.EndIdle();
        Assert.Single(_events);
    }

    [Fact]
    public void TooManySessions_TheLongestIdleGo()
    {
        for (var number = 0; number <= SessionDirectory.MaxSessions; number++)
        {
            _sessions.Open($"s{number}", s_claude, protocolVersion: null);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Null(_sessions.Begin("s0"));
        Assert.NotNull(_sessions.Begin("s10000"));
        Assert.Equal(SessionDirectory.MaxSessions / 10, _events.Count);
        Assert.All(_events, ended => Assert.Equal(SessionEnds.Evicted, ended.Reason));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Expiry_EndsIdleSessionsUntilItIsStopped()
    {
        var expiry = _services.GetServices<IHostedService>().OfType<SessionExpiry>().Single();
        await expiry.StartAsync(TestContext.Current.CancellationToken);
        _sessions.Open("s", s_claude, protocolVersion: null);

        while (_events.Count == 0)
        {
            _time.Advance(SessionExpiry.Interval);
            await Task.Yield();
        }

        await expiry.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _time.PendingTimers);
        Assert.Equal("s", Assert.Single(_events).Session);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
