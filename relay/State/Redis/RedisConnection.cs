using System.Collections.Concurrent;
using System.Globalization;
using StackExchange.Redis;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.State.Redis;

/// <summary>
/// The Redis server that several relays share. The relay starts and goes on without it: what needs an answer fails within
/// <see cref="AnswerLimit"/>, and the connection comes back by itself.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    /// <summary>How long Redis may take to answer. Callers of claims and lookups wait for it.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a Redis that was started again gives nothing new away: two rounds of <see cref="Names.NameUpkeep.RenewEvery"/>, in which
    /// all relays say what they have open.
    /// </summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_reconnectEvery = TimeSpan.FromSeconds(1);

    /// <summary>Tells a connection that nobody answers on any longer.</summary>
    private static readonly TimeSpan s_pingEvery = TimeSpan.FromSeconds(5);

    private readonly Task<ConnectionMultiplexer> _connecting;

    // Bounded by the channels that there are. The client keeps a listener from the first try on, whatever comes of it, and one more would
    // hear everything again.
    private readonly ConcurrentDictionary<string, bool> _heard = new(StringComparer.Ordinal);
    private readonly int _database;

    public RedisConnection(RelayOptions options)
    {
        var url = options.RedisUrl!;
        _database = DatabaseOf(url);
        var redis = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ClientName = "mcpr-relay",
            ConnectTimeout = (int)s_connectLimit.TotalMilliseconds,
            SyncTimeout = (int)AnswerLimit.TotalMilliseconds,
            ReconnectRetryPolicy = new LinearRetry((int)s_reconnectEvery.TotalMilliseconds),
            KeepAlive = (int)s_pingEvery.TotalSeconds,
            Ssl = url.Scheme == "rediss",
            SslHost = url.Scheme == "rediss" ? url.DnsSafeHost : null,
            Password = options.RedisPassword,
        };
        redis.EndPoints.Add(url.DnsSafeHost, url.IsDefaultPort || url.Port < 0 ? DefaultPort : url.Port);
        _connecting = ConnectionMultiplexer.ConnectAsync(redis);
    }

    private const int DefaultPort = 6379;

    /// <summary>Whether this says that Redis cannot be asked now.</summary>
    public static bool IsUnavailable(Exception exception, CancellationToken cancellationToken) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The number of the database in <c>redis://10.0.0.5:6379/2</c>, or null when there is no such thing in it.</summary>
    public static int? TryDatabaseOf(Uri url) =>
        url.AbsolutePath is "/" or "" ? 0
        : int.TryParse(url.AbsolutePath.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    /// <summary>Runs one operation of a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="operation">What it is to do.</param>
    /// <param name="now">What time it is for what it writes down.</param>
    /// <param name="arguments">What the operation takes.</param>
    /// <param name="cancellationToken">Ends the wait. The operation may be done all the same.</param>
    /// <exception cref="Exception"><see cref="IsUnavailable"/> knows which.</exception>
    public async Task<RedisResult> RunAsync(
        RedisScript script,
        string operation,
        DateTimeOffset now,
        IEnumerable<RedisValue> arguments,
        CancellationToken cancellationToken
    )
    {
        RedisValue[] values =
        [
            operation,
            now.ToUnixTimeMilliseconds(),
            (long)SettleTime.TotalMilliseconds,
            .. arguments.Select(argument => argument.IsNull ? RedisValue.EmptyString : argument),
        ];
        var database = (await ConnectedAsync(cancellationToken)).GetDatabase(_database);
        return await database
            .ScriptEvaluateAsync(script.Text, values: values)
            .WaitAsync(AnswerLimit, TimeProvider.System, cancellationToken);
    }

    /// <summary>Runs one operation of a script, for a store that has a word of its own for a Redis that cannot be asked.</summary>
    /// <inheritdoc cref="RunAsync(RedisScript, string, DateTimeOffset, IEnumerable{RedisValue}, CancellationToken)"/>
    public async Task<RedisResult> RunAsync(
        RedisScript script,
        string operation,
        DateTimeOffset now,
        IEnumerable<RedisValue> arguments,
        Func<Exception, Exception> unavailable,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await RunAsync(script, operation, now, arguments, cancellationToken);
        }
        catch (Exception cause) when (IsUnavailable(cause, cancellationToken))
        {
            throw unavailable(cause);
        }
    }

    /// <summary>Tells every relay that listens, this one among them.</summary>
    public async Task PublishAsync(string channel, string message, CancellationToken cancellationToken)
    {
        var subscriber = (await ConnectedAsync(cancellationToken)).GetSubscriber();
        await subscriber.PublishAsync(InDatabase(channel), message).WaitAsync(AnswerLimit, TimeProvider.System, cancellationToken);
    }

    /// <summary>
    /// Hears what is published from now on, also after the connection was lost and came back; what was said meanwhile is missed. A channel
    /// has one listener: whoever tries again after a failure has it already.
    /// </summary>
    public async Task SubscribeAsync(string channel, Action<string> heard, CancellationToken cancellationToken)
    {
        var subscriber = (await ConnectedAsync(cancellationToken)).GetSubscriber();
        if (!_heard.TryAdd(channel, value: true))
        {
            return;
        }

        await subscriber
            .SubscribeAsync(InDatabase(channel), (_, message) => heard((string)message))
            .WaitAsync(AnswerLimit, TimeProvider.System, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        var multiplexer = await _connecting;
        await multiplexer.CloseAsync(allowCommandsToComplete: false);
        multiplexer.Dispose();
    }

    /// <summary>Channels are those of the whole server, and relays of another database are none of ours.</summary>
    private string InDatabase(string channel) => string.Create(CultureInfo.InvariantCulture, $"{channel}@{_database}");

    private static int DatabaseOf(Uri url) => TryDatabaseOf(url) ?? 0;

    private Task<ConnectionMultiplexer> ConnectedAsync(CancellationToken cancellationToken) =>
        _connecting.WaitAsync(AnswerLimit, TimeProvider.System, cancellationToken);
}
