using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Modern;
using Tunnel.ProxyCore.Bridge.Processes;

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
    private readonly SharedServer? _shared;
    private readonly ITimer _sweep;
    private volatile bool _isModernOnly;

    public SessionHost(ProcessSource source, BridgeMetrics metrics, ILogger logger)
    {
        _source = source;
        _metrics = metrics;
        _logger = logger;
        Sessions = new ClientSessions(Options.MaxSessions, Options.IdleLimit, metrics);
        source.Begin();
        _shared = Options.Mode == SessionMode.Shared ? new SharedServer(source, metrics, logger) : null;
        Lanes = new LanePool(source, metrics);
        Modern = new ModernServers(source, Lanes, metrics, logger);
        _isModernOnly = Options.Protocol == ProgramProtocol.Modern;
        _sweep = source.Time.CreateTimer(_ => Sweep(), state: null, SweepInterval, Timeout.InfiniteTimeSpan);
    }

    public ClientSessions Sessions { get; }

    /// <summary>The same server for clients of the revision 2026-07-28, which have no sessions.</summary>
    public ModernServers Modern { get; }

    /// <summary>Processes for requests that stand for themselves.</summary>
    public LanePool Lanes { get; }

    public StdioServerOptions Options => _source.Options;

    /// <summary>A session that nobody can find yet.</summary>
    /// <param name="variables">What only its own process gets, if it has one.</param>
    public ClientSession Create(IReadOnlyDictionary<string, string> variables)
    {
        var (own, shared) = _shared is null
            ? (new OwnSeat(_source.With(variables), _metrics, _logger), (SharedSeat?)null)
            : (null, new SharedSeat(_shared));
        var session = new ClientSession(ClientSessions.NewId(), Options.MaxKeptEvents, _metrics, _source.Time)
        {
            Seat = (IServerSeat?)own ?? shared!,
        };
        own?.Take(session);
        shared?.Take(session);
        return session;
    }

    /// <summary>Answers a client's <c>initialize</c>, at a server that may not know it any more.</summary>
    /// <exception cref="CallFailedException">There is no server.</exception>
    public async Task<RpcMessage> InitializeAsync(ClientSession session, RpcMessage initialize, CancellationToken cancellationToken)
    {
        if (!_isModernOnly)
        {
            var response = await session.InitializeAsync(initialize, cancellationToken);
            _isModernOnly = IsUnknown(response) && await Modern.GetAsync(cancellationToken) is DirectServer;
            if (!_isModernOnly)
            {
                return response;
            }
        }

        await session.Seat.DisposeAsync();
        var seat = new UpgradingSeat((DirectServer)await Modern.GetAsync(cancellationToken), session);
        session.Seat = seat;
        return await session.InitializeAsync(initialize, cancellationToken);
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

    /// <summary>Ends streams on which clients only listen, since they would never end by themselves.</summary>
    public async Task EndListeningAsync()
    {
        foreach (var session in Sessions.All)
        {
            session.Streams.Own.End();
        }

        foreach (var listener in Lanes.Listeners.All)
        {
            await listener.Target.EndAsync(listener.Result());
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
        await Lanes.DisposeAsync();
        if (_shared is not null)
        {
            await _shared.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    /// <summary>Whether a server refuses <c>initialize</c> itself: the version of the protocol, or the method.</summary>
    private static bool IsUnknown(RpcMessage response) =>
        response.Find(response.Error, "code"u8) is { Exists: true } code && response.Number(code) is -32022 or -32601;

    private void Sweep()
    {
        Modern.Sweep();
        Lanes.Sweep();
        foreach (var session in Sessions.RemoveIdle())
        {
            End(session);
        }

        foreach (var session in Sessions.All.Where(session => !session.IsAsked))
        {
            foreach (var call in session.Seat.Link?.Overdue(Options.RequestLimit, session) ?? [])
            {
                _ = session.Seat.Link?.GiveUpAsync(call);
            }
        }

        _sweep.Change(SweepInterval, Timeout.InfiniteTimeSpan);
    }
}
