using System.Collections.Immutable;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team.Postgres;

namespace Tunnel.Relay.Team;

/// <summary>The settings of <see cref="TeamOptions"/>.</summary>
internal static class TeamSettings
{
    public static readonly ImmutableArray<RelaySetting> All =
    [
        RelaySetting.Of(
            "--team",
            CommonKinds.Switch,
            "a dashboard of what connectors send, for members of projects, at the name dashboard, see docs/team.md",
            "false",
            (options, value) => options.Team.IsOn = value
        ),
        RelaySetting.Of(
            "--team-event-rate",
            CommonKinds.Number,
            "events a second that one member of a project may send; 0 for no limit",
            "5000",
            (options, value) => options.Team.EventRate = value
        ),
        RelaySetting.Of(
            "--team-webhook-private",
            CommonKinds.Switch,
            "messages of alerts may go to this machine and the networks around it, and without TLS",
            "false",
            (options, value) => options.Team.WebhookPrivate = value
        ),
        RelaySetting.Of(
            "--team-database-file",
            RelayKinds.SecretFile,
            "a file that says how to reach a PostgreSQL for all of that, which several relays can share, see docs/team.md; the folder of --data if not set",
            byDefault: null,
            (options, value) => options.Team.Database = value
        ),
    ];

    /// <summary>No disk writes more, and ten seconds' worth of it is still a number.</summary>
    private const int MaxEventRate = 1_000_000;

    public static IEnumerable<string> FindProblems(RelayOptions options)
    {
        if (options.Team.EventRate is < 0 or > MaxEventRate)
        {
            yield return $"--team-event-rate {options.Team.EventRate} is not between 0 and {MaxEventRate}";
        }

        if (options is { Team: { IsOn: true, Database: null }, RedisUrl: not null })
        {
            yield return "--team keeps everything in the folder of this relay, which relays with --redis do not share; name a PostgreSQL with --team-database-file";
        }

        if (options.Team.Database is { } database && !PostgresDatabase.IsSound(database))
        {
            // What it says is not repeated: there is a password in it.
            yield return "what is in the file of --team-database-file is not like Host=10.0.0.6;Username=mcpr;Password=...;Database=mcpr";
        }
    }
}
