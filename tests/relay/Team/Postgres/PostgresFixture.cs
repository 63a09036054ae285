using System.Globalization;
using Npgsql;
using Tunnel.Relay.Team.Postgres;
using Tunnel.Tests.Postgres;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Postgres;

/// <summary>One server for the tests of a class, each of which takes a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private int _last;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A database that is empty.</summary>
    internal async Task<PostgresDatabase> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _last)}");
        await using var source = NpgsqlDataSource.Create(_server.ConnectionStringOf("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return new PostgresDatabase(_server.ConnectionStringOf(name));
    }
}
