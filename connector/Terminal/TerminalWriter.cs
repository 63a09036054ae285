using System.Text;
using System.Threading.Channels;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.Connector.Terminal;

/// <summary>
/// The only writer to the terminal. stdout gets the MCP URLs, a line each, and nothing else; everything for people goes to stderr,
/// messages in the style of <c>mcpr: tunnel up …</c>, exchanges as bare lines. Exchanges are written by a task of their own,
/// so that a slow terminal costs lines and not requests.
/// </summary>
internal sealed class TerminalWriter : IExchangeSink, ITunnelObserver, IAsyncDisposable
{
    // Bounded: when the terminal cannot keep up the newest lines are dropped, counted and told.
    private const int MaxWaitingLines = 4096;

    private const int MaxCharactersPerWrite = 16 * 1024;

    /// <summary>
    /// How long lines gather after a write, which people do not notice. A write for each would take the processor from answers that wait to leave.
    /// </summary>
    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(50);

    // Some messages carry what a relay says, and a relay could say a lot.
    private const int MaxMessageLength = 500;

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Ink _ink;
    private readonly IReadOnlyList<McpServerOptions> _servers;
    private readonly TimeProvider _time;
    private readonly Channel<ExchangeRecord> _exchanges = Channel.CreateBounded<ExchangeRecord>(
        new BoundedChannelOptions(MaxWaitingLines) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private readonly ToolPaces _paces = new();
    private long _dropped;
    private long _droppedInAll;
    private string? _printedOrigin;
    private long? _lostAt;
    private string? _lastRetryReason;

    public TerminalWriter(TextWriter output, TextWriter error, Ink ink, IReadOnlyList<McpServerOptions> servers, TimeProvider time)
    {
        _output = output;
        _error = error;
        _ink = ink;
        _servers = servers;
        _time = time;
        _writing = WriteExchangesAsync();
    }

    /// <summary>Lines that the terminal was too slow for, since the start.</summary>
    public long Dropped => Interlocked.Read(ref _droppedInAll);

    public void Say(string message) => Write(string.Empty, message);

    public void Fail(string message, params ReadOnlySpan<string> hints)
    {
        Write(_ink.Red("error: "), message);
        foreach (var hint in hints)
        {
            Write(_ink.Cyan("hint: "), hint);
        }
    }

    public void Record(ExchangeRecord exchange)
    {
        if (!_exchanges.Writer.TryWrite(exchange))
        {
            Interlocked.Increment(ref _dropped);
            Interlocked.Increment(ref _droppedInAll);
        }
    }

    public void Up(OpenedTunnel tunnel, Uri relay)
    {
        var urls = _servers.Select(server => tunnel.PublicUrl + server.PublicPath).ToArray();
        var isSame = tunnel.PublicUrl == _printedOrigin;
        if (_lostAt is { } lostAt)
        {
            var away = Units.Duration(_time.GetElapsedTime(lostAt));
            Say(isSame ? $"tunnel up again after {away}, same URL" : $"tunnel up again after {away} at {string.Join(' ', urls)}");
        }
        else if (isSame)
        {
            Say("tunnel opened anew, same URL");
        }
        else
        {
            foreach (var (server, url) in _servers.Zip(urls))
            {
                Say($"upstream {Describe(server)}");
                Say($"tunnel up {url} via {relay.Authority}");
            }
        }

        foreach (var domain in tunnel.Domains ?? [])
        {
            Say($"also at {string.Join(' ', _servers.Select(server => domain + server.PublicPath))}");
        }

        if (!isSame)
        {
            Print(urls);
            _printedOrigin = tunnel.PublicUrl;
        }

        _lostAt = null;
        _lastRetryReason = null;
    }

    /// <summary>The local port takes calls.</summary>
    /// <param name="urlOf">The URL of a path there.</param>
    /// <param name="isOnlyOne">Whether there will be no public URL, which is the one that stdout gets otherwise.</param>
    public void Listening(Func<string, Uri> urlOf, bool isOnlyOne)
    {
        var urls = _servers.Select(server => urlOf(server.PublicPath).ToString()).ToArray();
        foreach (var (server, url) in _servers.Zip(urls))
        {
            Say(isOnlyOne ? $"listening on {url}, upstream {Describe(server)}" : $"listening on {url}");
        }

        if (isOnlyOne)
        {
            Print(urls);
        }
    }

    public void Unused() =>
        Say("the relay does not use this tunnel's connections; something between here and the relay may hold them back");

    public void Noticed(string text) => Say($"the relay says: {text}");

    public void Lost() => _lostAt = _time.GetTimestamp();

    public void Retrying(string reason, TimeSpan delay)
    {
        // The same reason over and over is one fact.
        if (reason == _lastRetryReason)
        {
            return;
        }

        _lastRetryReason = reason;
        Say(delay == TimeSpan.Zero ? $"{reason}; trying again" : $"{reason}; trying again until it works, next in {Units.Duration(delay)}");
    }

    public async ValueTask DisposeAsync()
    {
        _exchanges.Writer.TryComplete();
        _stopping.TrySetResult();
        await _writing;
    }

    private void Print(IEnumerable<string> urls)
    {
        foreach (var url in urls)
        {
            _output.WriteLine(url);
        }

        _output.Flush();
    }

    private static string Describe(McpServerOptions server) =>
        server.Stdio is { } program ? string.Join(' ', program.Command) : string.Join(", ", server.Urls);

    private void Write(string kind, string message) => _error.WriteLine($"mcpr: {kind}{PlainText.Of(message, MaxMessageLength)}");

    private double? SlownessOf(ExchangeRecord exchange) =>
        exchange is { McpMethod: "tools/call", Name: { } tool }
            // Another server may have a tool of the same name.
            ? _paces.Judge($"{exchange.Target} {tool}", exchange.Total, exchange.Failure is null)
            : null;

    private async Task WriteExchangesAsync()
    {
        var lines = new StringBuilder();
        while (await _exchanges.Reader.WaitToReadAsync())
        {
            // A write is a call to the system, so what waits goes in one.
            while (lines.Length < MaxCharactersPerWrite && _exchanges.Reader.TryRead(out var exchange))
            {
                lines.AppendLine(ExchangeLine.Format(exchange, SlownessOf(exchange), TimeZoneInfo.Local, _ink));
            }

            await _error.WriteAsync(lines);
            lines.Clear();
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                Say($"{dropped} lines dropped, the terminal is too slow");
            }

            // That it was too long is no failure; whoever stops us does not wait for it.
            await _stopping.Task.WaitAsync(s_gathering, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
