using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Names;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Cluster;

/// <summary>
/// This relay as one of several: tells the others what is open here, remembers what is open there, and ends what was opened anew there.
/// </summary>
internal sealed partial class ClusterNodes(
    RouteStore routes,
    RedisConnection redis,
    TunnelRegistry tunnels,
    ITunnelEvictions evictions,
    NodeConnections connections,
    NodeDirectory nodes,
    NodeAttendance attendance,
    RelayOptions options,
    TimeProvider time,
    ILogger<ClusterNodes> logger
) : BackgroundService, IOtherNodes
{
    private const string Channel = "mcpr:routes";

    /// <summary>Bounds one script, so that nothing else waits for long behind it.</summary>
    private const int BatchSize = 500;

    /// <summary>How long a look-up counts. News of another opening ends it at once.</summary>
    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(5);

    /// <summary>How long requests do without a Redis that did not answer.</summary>
    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(1);

    private readonly string _node = options.NodeAddress!.GetLeftPart(UriPartial.Authority);

    // Bounded by MaxTunnels: over it everything is forgotten and asked for again.
    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);

    private long _silentUntil;
    private int _turn;
    private bool _isSubscribed;

    public async ValueTask<RouteLookup> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!_remembered.TryGetValue(name, out var known) || !known.IsGood)
        {
            var found = await LookUpAsync(name, cancellationToken);
            return found with { Nodes = InTurn(found.Nodes) };
        }

        if (time.GetElapsedTime(known.At) > s_remembered && _remembered.TryUpdate(name, known with { At = time.GetTimestamp() }, known))
        {
            // Nobody waits for that.
            tunnels.Track(LookUpAsync(name, CancellationToken.None));
        }

        return new RouteLookup(RouteState.Open, InTurn(known.Nodes));
    }

    public ForwardDestination DestinationOf(string node) => connections.To(node);

    public void Forget(string name)
    {
        if (_remembered.TryGetValue(name, out var known))
        {
            _remembered.TryUpdate(name, known with { IsGood = false }, known);
        }
    }

    public IReadOnlyList<string> NameOthers() => nodes.Name();

    public IReadOnlyList<NodeState> ListOthers() => nodes.There;

    public Task LeaveAsync(CancellationToken cancellationToken) => attendance.LeaveAsync(cancellationToken);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        tunnels.Opened = session => tunnels.Track(TellOpenedAsync(session));
        tunnels.Closed = (session, isWaitedFor) => tunnels.Track(TellClosedAsync(session, isWaitedFor));
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Several relays of one name share its requests; one that could not be reached a moment ago comes last.</summary>
    private ImmutableArray<string> InTurn(ImmutableArray<string> all)
    {
        if (all.Length < 2)
        {
            return all;
        }

        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)all.Length);
        return [.. all[first..].Concat(all[..first]).OrderBy(connections.IsFailing)];
    }

    private async Task<RouteLookup> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        var isKnown = _remembered.TryGetValue(name, out var known);
        var found = await AskAsync(name, cancellationToken);

        // This node is asked first, and is not another.
        found = found with
        {
            Nodes = found.Nodes.Remove(_node, StringComparer.Ordinal),
        };
        switch (found.State)
        {
            case RouteState.Open when !found.Nodes.IsEmpty:
                Remember(name, new Remembered(found.Nodes, time.GetTimestamp(), IsGood: true));
                return found;
            case RouteState.Open:
                return found with { State = RouteState.Away };
            case RouteState.Unknown:
                // Where it was is the best guess, then everybody is asked; who does not have it says so.
                var guess = isKnown ? known.Nodes : [];
                return found with { Nodes = [.. guess, .. nodes.Addresses.Except(guess, StringComparer.Ordinal)] };
            default:
                _remembered.TryRemove(name, out _);
                return found;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isAway = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await KeepAsync(stoppingToken);
                if (isAway)
                {
                    Log.Back(logger);
                }

                isAway = false;
                await Task.Delay(NameUpkeep.RenewEvery, time, stoppingToken);
            }
            catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, stoppingToken))
            {
                if (!isAway)
                {
                    Log.Unavailable(logger, unavailable.Message);
                }

                isAway = true;
                await Task.Delay(RedisConnection.AnswerLimit, time, stoppingToken);
            }
            catch (Exception unforeseen) when (!stoppingToken.IsCancellationRequested)
            {
                // It must not end the relay, and with it tunnels that are well.
                Log.Stumbled(logger, unforeseen);
                await Task.Delay(RedisConnection.AnswerLimit, time, stoppingToken);
            }
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (!_isSubscribed)
        {
            await redis.SubscribeAsync(Channel, Hear, cancellationToken);
            _isSubscribed = true;
        }

        await attendance.AttendAsync(cancellationToken);
        foreach (var batch in tunnels.Sessions.Chunk(BatchSize))
        {
            await routes.KeepAsync(_node, batch, cancellationToken);
        }
    }

    private async Task<RouteLookup> AskAsync(string name, CancellationToken cancellationToken)
    {
        if (time.GetTimestamp() < Interlocked.Read(ref _silentUntil))
        {
            return RouteLookup.Unknown;
        }

        try
        {
            return await routes.FindAsync(name, cancellationToken);
        }
        catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, cancellationToken))
        {
            // One after the other would wait for it in vain.
            Interlocked.Exchange(ref _silentUntil, time.GetTimestamp() + (long)(s_askAgainAfter.TotalSeconds * time.TimestampFrequency));
            return RouteLookup.Unknown;
        }
    }

    private async Task TellOpenedAsync(TunnelSession session)
    {
        try
        {
            await routes.KeepAsync(_node, [session], CancellationToken.None);
            await redis.PublishAsync(Channel, RouteNews.Of(session, _node).ToString(), CancellationToken.None);
        }
        catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, CancellationToken.None))
        {
            // The next round says it again.
        }
    }

    private async Task TellClosedAsync(TunnelSession session, bool isWaitedFor)
    {
        if (tunnels.Find(session.Name) is { Sessions.IsEmpty: false })
        {
            return;
        }

        try
        {
            await routes.DropAsync(_node, session, isWaitedFor ? options.Hold : TimeSpan.Zero, CancellationToken.None);
            if (tunnels.Find(session.Name) is { Sessions: [var other, ..] })
            {
                // It came meanwhile, and said so perhaps before.
                await routes.KeepAsync(_node, [other], CancellationToken.None);
            }
        }
        catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, CancellationToken.None))
        {
            // The lease ends by itself.
        }
    }

    private void Hear(string message)
    {
        if (RouteNews.TryParse(message) is not { } news || news.Node == _node)
        {
            return;
        }

        Forget(news.Name);
        if (tunnels.Find(news.Name) is not { } group)
        {
            return;
        }

        foreach (var session in group.Sessions)
        {
            if (news.Outdates(session))
            {
                MakeWay(session, news);
            }
            else if (news.Generation < session.Terms.Floor)
            {
                // It was granted before ours was, and opened after: whoever has it does not know.
                tunnels.Track(TellOpenedAsync(session));
            }
        }

        group.Retry();
    }

    private void MakeWay(TunnelSession session, RouteNews news)
    {
        Log.TakenOver(logger, session.Name, session.Generation, news.Generation, news.Node);
        if (news.IsOfInstance(session))
        {
            // A connector that went there itself knows.
            tunnels.Close(session, ErrorCatalog.TunnelTakenOver, finishes: true);
        }
        else
        {
            evictions.Evict(session, ErrorCatalog.TunnelTakenOver);
        }
    }

    private void Remember(string name, Remembered nodes)
    {
        if (_remembered.Count >= options.MaxTunnels)
        {
            _remembered.Clear();
        }

        _remembered[name] = nodes;
    }

    private readonly record struct Remembered(ImmutableArray<string> Nodes, long At, bool IsGood);

    private static partial class Log
    {
        [LoggerMessage(1401, LogLevel.Warning, "Redis does not answer, routes are as they were: {Reason}", EventName = "RoutesUnavailable")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(1402, LogLevel.Information, "Redis answers again", EventName = "RoutesBack")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(
            1403,
            LogLevel.Information,
            "tunnel opened on another node name={Name} old={OldGeneration} new={NewGeneration} node={Node}",
            EventName = "TunnelTakenOverElsewhere"
        )]
        public static partial void TakenOver(ILogger logger, string name, long oldGeneration, long newGeneration, string node);

        [LoggerMessage(1409, LogLevel.Error, "routes were not told to the others, again in a moment", EventName = "RoutesStumbled")]
        public static partial void Stumbled(ILogger logger, Exception unforeseen);
    }
}
