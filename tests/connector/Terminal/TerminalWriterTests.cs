using System.Text;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Servers;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Terminal;

public sealed class TerminalWriterTests : IAsyncDisposable
{
    private static readonly OpenedTunnel s_tunnel = new("otter", "https://otter.tunnel.example.com", 1, 2);

    private static readonly Uri s_relay = new("https://tunnel.example.com:8443");

    private readonly ManualTimeProvider _time = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly TerminalWriter _terminal;

    public TerminalWriterTests()
    {
        _terminal = Create(TextWriter.Synchronized(_error));
    }

    [Fact]
    public void TunnelUp_PrintsTheUrlAloneToStdout()
    {
        _terminal.Up(s_tunnel, s_relay);

        Assert.Equal("https://otter.tunnel.example.com/mcp\n", _output.ToString());
        Assert.Equal(
            "mcpr: upstream http://localhost:9000/mcp\nmcpr: tunnel up https://otter.tunnel.example.com/mcp via tunnel.example.com:8443\n",
            _error.ToString()
        );
    }

    [Fact]
    public async Task SeveralServers_HaveAUrlEach()
    {
        await using var terminal = Create(
            _error,
            new McpServerOptions { Urls = [new Uri("http://localhost:9000/api")] },
            new McpServerOptions { Name = "files", Urls = [new Uri("http://localhost:9001/mcp"), new Uri("http://localhost:9002/mcp")] }
        );

        terminal.Up(s_tunnel, s_relay);

        Assert.Equal("https://otter.tunnel.example.com/api\nhttps://otter.tunnel.example.com/files/mcp\n", _output.ToString());
        Assert.Contains("upstream http://localhost:9001/mcp, http://localhost:9002/mcp\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LocalPortAlone_PrintsItsUrlToStdout()
    {
        _terminal.Listening(path => new Uri("http://127.0.0.1:3000" + path), isOnlyOne: true);

        Assert.Equal("http://127.0.0.1:3000/mcp\n", _output.ToString());
        Assert.Equal("mcpr: listening on http://127.0.0.1:3000/mcp, upstream http://localhost:9000/mcp\n", _error.ToString());
    }

    [Fact]
    public void LocalPortBesideATunnel_LeavesStdoutToThePublicUrl()
    {
        _terminal.Listening(path => new Uri("http://127.0.0.1:3000" + path), isOnlyOne: false);

        Assert.Empty(_output.ToString());
        Assert.Equal("mcpr: listening on http://127.0.0.1:3000/mcp\n", _error.ToString());
    }

    [Fact]
    public void TunnelUpAgain_SaysThatTheUrlIsTheSame()
    {
        _terminal.Up(s_tunnel, s_relay);
        Forget();

        _terminal.Lost();
        _time.Advance(TimeSpan.FromSeconds(2.5));
        _terminal.Up(s_tunnel with { Generation = 2 }, s_relay);

        Assert.Equal("mcpr: tunnel up again after 2.50s, same URL\n", _error.ToString());
        Assert.Equal("https://otter.tunnel.example.com/mcp\n", _output.ToString());
    }

    [Fact]
    public void TextOfTheRelay_CannotMoveTheCursorOrStartALine()
    {
        _terminal.Fail("\e[2Jgone\r\nmcpr: error: forged \u202Eevil\u2028");

        Assert.Equal("mcpr: error: ?[2Jgone??mcpr: error: forged ?evil?\n", _error.ToString());
    }

    [Fact]
    public void TunnelUpAgainElsewhere_PrintsTheNewUrl()
    {
        _terminal.Up(s_tunnel, s_relay);
        Forget();

        _terminal.Lost();
        _terminal.Up(s_tunnel with { PublicUrl = "https://badger.tunnel.example.com" }, s_relay);

        Assert.Equal("mcpr: tunnel up again after 0ms at https://badger.tunnel.example.com/mcp\n", _error.ToString());
        Assert.EndsWith("\nhttps://badger.tunnel.example.com/mcp\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SameReasonOverAndOver_IsSaidOnce()
    {
        _terminal.Retrying("no route", TimeSpan.Zero);
        _terminal.Retrying("no route", TimeSpan.FromSeconds(1));
        _terminal.Retrying("refused", TimeSpan.FromSeconds(2));
        _terminal.Retrying("no route", TimeSpan.FromSeconds(3));

        Assert.Equal(
            "mcpr: no route; trying again\n"
                + "mcpr: refused; trying again until it works, next in 2.00s\n"
                + "mcpr: no route; trying again until it works, next in 3.00s\n",
            _error.ToString()
        );
    }

    [Fact]
    public void SameReasonAfterTheTunnelWasUp_IsSaidAgain()
    {
        _terminal.Retrying("no route", TimeSpan.Zero);
        _terminal.Up(s_tunnel, s_relay);
        _terminal.Lost();
        Forget();

        _terminal.Retrying("no route", TimeSpan.Zero);

        Assert.Equal("mcpr: no route; trying again\n", _error.ToString());
    }

    [Fact]
    public void Failure_ComesWithItsHints()
    {
        _terminal.Fail("it broke", "do this", "or that");

        Assert.Equal("mcpr: error: it broke\nmcpr: hint: do this\nmcpr: hint: or that\n", _error.ToString());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Exchanges_AreWrittenInOrderBeforeTheEnd()
    {
        for (var count = 0; count < 100; count++)
        {
            _terminal.Record(Terminal.Exchanges.Initialize with { Name = $"tool-{count}" });
        }

        await _terminal.DisposeAsync();

        var lines = _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(count => $"tool-{count}"),
            lines.Select(line => line.Split(' ')[8]),
            StringComparer.Ordinal
        );
        Assert.Empty(_output.ToString());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ExchangesSoonAfterALine_LeaveInOneWrite()
    {
        await using var counting = new CountingWriter();
        var terminal = Create(counting);
        terminal.Record(Terminal.Exchanges.Initialize);
        await counting.First.WaitAsync(TestContext.Current.CancellationToken);

        for (var count = 0; count < 10; count++)
        {
            terminal.Record(Terminal.Exchanges.Initialize);
        }

        await terminal.DisposeAsync();

        Assert.Equal(1 + 10, counting.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(2, counting.Writes);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TerminalThatIsTooSlow_CostsLinesThatAreCounted()
    {
        await using var slow = new StuckWriter();
        var terminal = Create(slow);
        terminal.Record(Terminal.Exchanges.Initialize);
        await slow.Stuck.WaitAsync(TestContext.Current.CancellationToken);

        for (var count = 0; count < 4096 + 3; count++)
        {
            terminal.Record(Terminal.Exchanges.Initialize);
        }

        slow.Release();
        await terminal.DisposeAsync();

        var lines = slow.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            "mcpr: 3 lines dropped, the terminal is too slow",
            Assert.Single(lines, line => line.Contains("dropped", StringComparison.Ordinal))
        );
        Assert.Equal(1 + 4096 + 1, lines.Length);
    }

    public ValueTask DisposeAsync() => _terminal.DisposeAsync();

    private TerminalWriter Create(TextWriter error) =>
        Create(error, new McpServerOptions { Urls = [new Uri("http://localhost:9000/mcp")] });

    private TerminalWriter Create(TextWriter error, params IReadOnlyList<McpServerOptions> servers) =>
        new(_output, error, Ink.None, servers, _time);

    private void Forget() => _error.GetStringBuilder().Clear();

    /// <summary>A terminal that tells how often it was written to.</summary>
    private sealed class CountingWriter : StringWriter
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task First => _first.Task;

        public int Writes { get; private set; }

        public override Task WriteAsync(StringBuilder? value, CancellationToken cancellationToken = default)
        {
            Writes++;
            var written = base.WriteAsync(value, cancellationToken);
            _first.TrySetResult();
            return written;
        }
    }

    /// <summary>A terminal that takes nothing until it is released.</summary>
    private sealed class StuckWriter : StringWriter
    {
        private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StuckWriter()
        {
            NewLine = "\n";
        }

        public Task Stuck => _stuck.Task;

        public void Release() => _released.SetResult();

        public override async Task WriteAsync(StringBuilder? value, CancellationToken cancellationToken = default)
        {
            _stuck.TrySetResult();
            await _released.Task;
            await base.WriteAsync(value, cancellationToken);
        }
    }
}
