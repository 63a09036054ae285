using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Telemetry;

/// <summary>A collector (OTLP over HTTP with protobuf) that keeps what it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly RawHttpOrigin _origin;
    private readonly ConcurrentBag<Span> _spans = [];
    private readonly ConcurrentBag<Metric> _metrics = [];
    private readonly ConcurrentBag<string> _services = [];
    private readonly ConcurrentBag<string> _raw = [];

    public OtlpReceiver()
    {
        _origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                var body = await request.ReadBodyAsync();
                Keep(request.Target, body);
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n");
            }
        );
    }

    public IReadOnlyCollection<Span> Spans => _spans;

    public IReadOnlyCollection<Metric> Metrics => _metrics;

    public IReadOnlyCollection<string> Services => _services;

    /// <summary>Everything that came, as text, to look for what must not come.</summary>
    public string Raw => string.Concat(_raw);

    /// <summary>What sends everything here.</summary>
    public Dictionary<string, string?> Environment =>
        new(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _origin.BaseAddress.AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    private void Keep(string target, byte[] body)
    {
        _raw.Add(Encoding.Latin1.GetString(body));
        // ExportTraceServiceRequest and ExportMetricsServiceRequest have the same shape down to the scope.
        foreach (var resource in ProtobufMessage.Parse(body).Messages(1))
        {
            foreach (var service in resource.Messages(1).SelectMany(description => Attributes(description, 1)))
            {
                _services.Add($"{service.Key}={service.Value}");
            }

            foreach (var item in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
            {
                if (target == "/v1/traces")
                {
                    _spans.Add(new Span(item));
                }
                else
                {
                    _metrics.Add(new Metric(item));
                }
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Attributes(ProtobufMessage owner, int field) =>
        owner
            .Messages(field)
            .Select(pair =>
                KeyValuePair.Create(pair.Text(1), pair.Messages(2).Select(value => value.Has(1) ? value.Text(1) : Whole(value)).Single())
            );

    private static string Whole(ProtobufMessage value) => value.Number(3).ToString(CultureInfo.InvariantCulture);

    /// <summary>opentelemetry.proto.trace.v1.Span</summary>
    internal sealed class Span(ProtobufMessage message)
    {
        public string Trace { get; } = Convert.ToHexStringLower(message.Bytes(1));

        public string Id { get; } = Convert.ToHexStringLower(message.Bytes(2));

        public string Parent { get; } = Convert.ToHexStringLower(message.Bytes(4));

        public string Name { get; } = message.Text(5);

        /// <summary>2 is SERVER, 3 is CLIENT.</summary>
        public ulong Kind { get; } = message.Number(6);

        public IReadOnlyDictionary<string, string> Attributes { get; } =
            OtlpReceiver.Attributes(message, 9).ToDictionary(StringComparer.Ordinal);

        public IReadOnlyList<string> LinkedSpans { get; } =
        [.. message.Messages(13).Select(link => Convert.ToHexStringLower(link.Bytes(2)))];

        /// <summary>2 is ERROR.</summary>
        public ulong Status { get; } = message.Messages(15).Select(status => status.Number(3)).SingleOrDefault();

        public override string ToString() => $"{Kind} {Name} {Trace}/{Id} below {Parent} {string.Join(' ', Attributes)}";
    }

    /// <summary>opentelemetry.proto.metrics.v1.Metric</summary>
    internal sealed class Metric(ProtobufMessage message)
    {
        public string Name { get; } = message.Text(1);

        public string Unit { get; } = message.Text(3);

        /// <summary>The bounds of its first histogram point.</summary>
        public IReadOnlyList<double> Bounds { get; } =
        [
            .. message
                .Messages(9)
                .SelectMany(histogram => histogram.Messages(1))
                .Take(1)
                .SelectMany(point => point.Bytes(7).Chunk(8))
                .Select(bytes => BitConverter.ToDouble(bytes)),
        ];

        public IReadOnlyList<IReadOnlyDictionary<string, string>> Points { get; } =
        [
            .. message
                .Messages(9)
                .SelectMany(histogram => histogram.Messages(1))
                .Select(point =>
                    (IReadOnlyDictionary<string, string>)OtlpReceiver.Attributes(point, 9).ToDictionary(StringComparer.Ordinal)
                ),
        ];
    }
}
