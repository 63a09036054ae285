using Tunnel.ProxyCore.Clients;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Clients;

public sealed class SessionDirectoryTests
{
    private static readonly ClientIdentity s_claude = new("Claude", "1");

    private readonly ManualTimeProvider _time = new();
    private readonly SessionDirectory _sessions;

    public SessionDirectoryTests()
    {
        _sessions = new SessionDirectory(_time);
    }

    [Fact]
    public void OpenedSession_KnowsItsClient()
    {
        _sessions.Open("s", s_claude, "2025-11-25");

        Assert.Equal((s_claude, "2025-11-25"), _sessions.Find("s"));
        Assert.Equal(default, _sessions.Find("another"));
    }

    [Fact]
    public void ClosedSession_IsForgotten()
    {
        _sessions.Open("s", s_claude, protocolVersion: null);

        _sessions.Close("s");

        Assert.Equal(default, _sessions.Find("s"));
    }

    [Fact]
    public void IdleSession_IsForgottenAndAUsedOneIsNot()
    {
        _sessions.Open("idle", s_claude, protocolVersion: null);
        _sessions.Open("used", s_claude, protocolVersion: null);

        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.NotNull(_sessions.Find("used").Client);
        _time.Advance(TimeSpan.FromMinutes(20));

        Assert.NotNull(_sessions.Find("used").Client);
        Assert.Null(_sessions.Find("idle").Client);
    }

    [Fact]
    public void TooManySessions_TheLongestIdleGo()
    {
        for (var number = 0; number <= 10_000; number++)
        {
            _sessions.Open($"s{number}", s_claude, protocolVersion: null);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Null(_sessions.Find("s0").Client);
        Assert.NotNull(_sessions.Find("s10000").Client);
    }
}
