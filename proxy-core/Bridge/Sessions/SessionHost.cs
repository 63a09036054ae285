using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Modern;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>The sessions of one server: begins them, and ends them when they are done, idle, or in the way.</summary>
internal sealed class SessionHost : IAsyncDisposable
{
    /// <summary>How late an end of a session or of a request may come.</summary>
    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ProcessSource _source;
    private readonly BridgeMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _endings = [];
    private readonly ITimer _sweep;

    public SessionHost(ProcessSource source, BridgeMetrics metrics, ILogger logger)
    {
        _source = source;
        _metrics = metrics;
        _logger = logger;
        Sessions = new ClientSessions(Options.MaxSessions, Options.IdleLimit, metrics);
        source.Begin();
        Modern = new ModernServers(source, metrics, logger);
        _sweep = source.Time.CreateTimer(_ => Sweep(), state: null, SweepInterval, SweepInterval);
    }

    public ClientSessions Sessions { get; }

    /// <summary>The same server for clients of the revision 2026-07-28, which have no sessions.</summary>
    public ModernServers Modern { get; }

    public StdioServerOptions Options => _source.Options;

    /// <summary>A session that nobody can find yet.</summary>
    public ClientSession Create()
    {
        var seat = new OwnSeat(_source, _metrics, _logger);
        var session = new ClientSession(ClientSessions.NewId(), protocolVersion: null, Options.MaxKeptEvents, _metrics, _source.Time)
        {
            Seat = seat,
        };
        seat.Session = session;
        return session;
    }

    /// <summary>From now on its client can use it.</summary>
    public void Begin(ClientSession session)
    {
        if (Sessions.Add(session) is { } displaced)
        {
            End(displaced);
        }
    }

    /// <summary>Ends a session; its process may take a moment longer.</summary>
    public void End(ClientSession session)
    {
        Sessions.TryRemove(session);
        var ending = session.DisposeAsync().AsTask();
        lock (_lock)
        {
            _endings.RemoveWhere(task => task.IsCompleted);
            _endings.Add(ending);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        foreach (var session in Sessions.All)
        {
            End(session);
        }

        Task[] endings;
        lock (_lock)
        {
            endings = [.. _endings];
        }

        await Task.WhenAll(endings);
        await Modern.DisposeAsync();
        await _source.DisposeAsync();
    }

    private void Sweep()
    {
        Modern.Sweep();
        foreach (var session in Sessions.RemoveIdle())
        {
            End(session);
        }

        foreach (var session in Sessions.All.Where(session => !session.IsAsked))
        {
            foreach (var call in session.Seat.Link?.Overdue(Options.RequestLimit, session) ?? [])
            {
                _ = FailAsync(session, call);
            }
        }
    }

    private static async Task FailAsync(ClientSession session, ServerCall call)
    {
        if (session.Seat.Link is { } link)
        {
            await link.CancelAsync(call, CancellationToken.None);
        }

        await call.FailAsync(ErrorCatalog.UpstreamTimeout);
    }
}
