using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.State;
using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Alerts.Webhooks;
using Tunnel.Relay.Team.Sqlite;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Alerts;

/// <summary>The project acme with a real history, and all that watches it, on a clock that the test turns.</summary>
internal sealed class AlertBed : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SqliteProjectHistories _histories;
    private readonly SqlTeamStore _projects;
    private readonly WebhookSender _sender;

    public AlertBed()
    {
        var options = new RelayOptions { DataDirectory = _folder.FullName, Domain = "example.com" };
        var database = new RelayDatabase(options);
        var metrics = new AlertMetrics(_services.GetRequiredService<IMeterFactory>());
        _histories = new SqliteProjectHistories(options);
        _projects = new SqlTeamStore(new SqliteTeamDatabase(database), Time);
        _sender = new WebhookSender(new GuardedDialer(isPrivateAllowed: true, Dns.GetHostAddressesAsync), Time);
        Store = new SqlAlertStore(new SqliteTeamDatabase(database), Time);
        Watch = new AlertWatch(Store, _histories, options, metrics, Time, NullLogger<AlertWatch>.Instance);
        Post = new AlertPost(Store, _sender, metrics, Time, NullLogger<AlertPost>.Instance);
    }

    public ManualTimeProvider Time { get; } = new();

    public SqlAlertStore Store { get; }

    public AlertWatch Watch { get; }

    public AlertPost Post { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async Task<AlertRule> AddAsync(AlertRule rule)
    {
        await _projects.CreateProjectAsync("acme", TeamProject.DefaultKeep, Cancelled);
        var added = rule with { CreatedAt = Time.GetUtcNow() };
        Assert.Equal(TeamChange.Done, await Store.AddAsync("acme", added, Cancelled));
        return added;
    }

    /// <summary>Calls that end now.</summary>
    public async Task CallAsync(int times, string status = "ok", long milliseconds = 8, string tool = "search", string server = "shop")
    {
        var project = (await _projects.FindProjectAsync("acme", Cancelled))!;
        var history = await _histories.OpenAsync(project, Cancelled);
        var one = new McpEvent
        {
            Ts = McpEvent.Timestamp(Time.GetUtcNow()),
            Type = EventTypes.ToolCall,
            Method = "tools/call",
            Tool = tool,
            Server = server,
            Status = status,
            LatencyMs = milliseconds,
            TimingUs = new EventTiming(milliseconds * 1000, 0, 0, 0),
        };
        HistoryEntry[] entries = [.. Enumerable.Range(0, times).Select(_ => new HistoryEntry(Guid.CreateVersion7(), one))];
        Assert.Equal(times, await history.WriteAsync(new HistoryBatch { Entries = entries }, Cancelled));
    }

    /// <summary>Lets time pass and looks as often as the watch does.</summary>
    public async Task LookForAsync(TimeSpan time)
    {
        for (var end = Time.GetUtcNow() + time; Time.GetUtcNow() < end; )
        {
            Time.Advance(TimeSpan.FromSeconds(15));
            await Watch.LookAsync(Cancelled);
        }
    }

    public async Task<AlertState> StateAsync() => Assert.Single(await Store.ListAsync("acme", Cancelled)).State;

    public void Dispose()
    {
        _sender.Dispose();
        _histories.Dispose();
        _services.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
