using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Telemetry;

/// <summary>The meter of the proxy core. While nobody listens to an instrument, recording is one comparison.</summary>
internal sealed class McpMetrics : IExchangeSink, IDisposable
{
    // From the conventions, for all four histograms; in seconds.
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _serverOperations;
    private readonly Histogram<double> _clientOperations;
    private readonly Histogram<double> _serverSessions;
    private readonly Histogram<double> _clientSessions;
    private readonly Counter<long> _evicted;

    public McpMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(McpTelemetry.MeterName);
        _serverOperations = Durations(
            "mcp.server.operation.duration",
            "MCP request or notification duration as observed on the receiver from the time it was received until the result or ack is sent."
        );
        _clientOperations = Durations(
            "mcp.client.operation.duration",
            "The duration of the MCP request or notification as observed on the sender from the time it was sent until the response or ack is received."
        );
        _serverSessions = Durations("mcp.server.session.duration", "The duration of the MCP session as observed on the MCP server.");
        _clientSessions = Durations("mcp.client.session.duration", "The duration of the MCP session as observed on the MCP client.");
        _evicted = _meter.CreateCounter<long>(
            "mcpr.sessions.evicted",
            "{session}",
            "Sessions forgotten because there were too many to remember."
        );
    }

    /// <summary>Both legs of a finished exchange: the caller's as a server's, the way to the MCP server as a client's.</summary>
    public void Record(ExchangeRecord exchange)
    {
        if (exchange.McpMethod is null)
        {
            return;
        }

        if (_serverOperations.Enabled)
        {
            var tags = TagsOf(exchange);
            tags.Add(McpConventions.NetworkVersion, exchange.HttpVersion);
            _serverOperations.Record(exchange.Total.TotalSeconds, tags);
        }

        if (_clientOperations.Enabled && exchange.Upstream > TimeSpan.Zero)
        {
            var tags = TagsOf(exchange);
            tags.Add(McpConventions.NetworkVersion, "1.1");
            if (Uri.TryCreate(exchange.Target, UriKind.Absolute, out var server))
            {
                tags.Add(McpConventions.ServerAddress, server.Host);
                tags.Add(McpConventions.ServerPort, server.Port);
            }

            _clientOperations.Record(exchange.Upstream.TotalSeconds, tags);
        }
    }

    public void SessionEnded(TimeSpan duration, string? protocolVersion)
    {
        var tags = default(TagList);
        tags.Add(McpConventions.Transport, "tcp");
        tags.Add(McpConventions.NetworkProtocol, "http");
        if (protocolVersion is not null)
        {
            tags.Add(McpConventions.ProtocolVersion, protocolVersion);
        }

        _serverSessions.Record(duration.TotalSeconds, tags);
        _clientSessions.Record(duration.TotalSeconds, tags);
    }

    public void SessionEvicted() => _evicted.Add(1);

    public void WatchSessions(Func<long> count) =>
        _meter.CreateObservableUpDownCounter("mcpr.sessions.open", count, "{session}", "Sessions that were opened and not ended yet.");

    /// <param name="read">The addresses of servers that have several.</param>
    public void WatchUpstreams(Func<IEnumerable<UpstreamStatus>> read)
    {
        _meter.CreateObservableGauge(
            "mcpr.upstream.up",
            () => read().Select(one => new Measurement<int>(one.IsUp ? 1 : 0, TagsOf(one))),
            unit: null,
            "Whether an address of a server answers."
        );
        _meter.CreateObservableUpDownCounter(
            "mcpr.upstream.exchanges",
            () => read().Select(one => new Measurement<int>(one.UnderWay, TagsOf(one))),
            "{exchange}",
            "Exchanges under way with an address of a server, event streams included."
        );
    }

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Durations(string name, string description) =>
        _meter.CreateHistogram(name, "s", description, advice: s_seconds);

    private static TagList TagsOf(UpstreamStatus upstream) =>
        new()
        {
            { "mcpr.server.path", upstream.Server },
            { McpConventions.ServerAddress, upstream.Url.Host },
            { McpConventions.ServerPort, upstream.Url.Port },
        };

    private static TagList TagsOf(ExchangeRecord exchange)
    {
        var method = McpConventions.MethodOf(exchange.McpMethod!);
        var tags = default(TagList);
        tags.Add(McpConventions.Method, method);
        tags.Add(McpConventions.Transport, "tcp");
        tags.Add(McpConventions.NetworkProtocol, "http");
        if (exchange.ProtocolVersion is { } version)
        {
            tags.Add(McpConventions.ProtocolVersion, version);
        }

        if (McpConventions.NameAttributeOf(method) is { } nameAttribute && exchange.Name is { } name)
        {
            tags.Add(nameAttribute, name);
        }

        if (method == "tools/call")
        {
            tags.Add(McpConventions.Operation, McpConventions.ExecuteTool);
        }

        if (exchange.Failure is { } failure)
        {
            tags.Add(McpConventions.ErrorType, failure);
        }

        if (exchange.ErrorCode is not null)
        {
            tags.Add(McpConventions.ResponseCode, exchange.Failure);
        }

        return tags;
    }
}
