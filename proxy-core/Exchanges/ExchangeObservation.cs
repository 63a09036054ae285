using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Telemetry;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>Watches one exchange from its first byte to its last, and then says what it was.</summary>
internal sealed class ExchangeObservation
{
    /// <summary>Callers may name things as they like, and what is told of them is kept in queues and counters.</summary>
    private const int MaxTextLength = 256;

    private readonly HttpContext _context;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly long _started;
    private readonly ResponseBodyTap _responseBody;
    private string? _session;
    private OpenSession? _openSession;
    private string? _protocolVersion;
    private TimeSpan _reading;

    private ExchangeObservation(HttpContext context, TimeProvider time)
    {
        _context = context;
        _time = time;
        _startedAt = time.GetUtcNow();
        _started = time.GetTimestamp();
        RequestBody = RequestBodyTap.Attach(context);
        _responseBody = ResponseBodyTap.Attach(context);
    }

    public RequestBodyTap RequestBody { get; }

    /// <summary>How forwarding ended; set when it has.</summary>
    public ForwardOutcome Outcome { get; set; } = ForwardOutcome.CallerLeft;

    /// <summary>Whether what widgets may load was changed in the response.</summary>
    public bool IsCspApplied { get; set; }

    /// <summary>Our own error answer, where there was one.</summary>
    public ProxyError? Error { get; set; }

    /// <summary>The path of the widget page that was served, where it was one.</summary>
    public string? WidgetPage { get; set; }

    /// <summary>Time spent on the server; the rest is ours.</summary>
    public TimeSpan UpstreamTime { get; set; }

    /// <summary>The part of it until the headers of the response.</summary>
    public TimeSpan WaitingTime { get; set; }

    /// <summary>The part of it that rules took which change the response.</summary>
    public TimeSpan RewritingTime { get; set; }

    /// <summary>What the server it is for is called in records.</summary>
    public string? Server { get; set; }

    public static ExchangeObservation Begin(HttpContext context, TimeProvider time) => new(context, time);

    public DateTimeOffset StartedAt => _startedAt;

    /// <summary>Bytes of the response so far.</summary>
    public long ResponseBytes => _responseBody.BytesWritten;

    /// <summary>Puts a copy of the response aside, as it goes by.</summary>
    public void CopyResponse(BodyCopy copy) => _responseBody.Copy = copy;

    /// <summary>What more than metadata is looked at, if anything is.</summary>
    public Inspection? Inspection { get; set; }

    /// <summary>The spans of the exchange, while somebody listens.</summary>
    public ExchangeSpans? Spans { get; set; }

    /// <summary>Who is calling, as far as the request and its session tell; known once <see cref="Identify"/> was called.</summary>
    public ClientIdentity? Client { get; private set; }

    /// <summary>Finds out who is calling, once the request body was read ahead.</summary>
    /// <param name="sessions">Who opened which session.</param>
    public void Identify(SessionDirectory sessions)
    {
        _reading = _time.GetElapsedTime(_started);
        var headers = _context.Request.Headers;
        var message = RequestBody.Summarize();
        var version = message?.ProtocolVersion ?? HostHeaders.Value(headers, HostHeaders.ProtocolVersion);
        _session = HostHeaders.SessionOf(headers) ?? (message?.HostSession is { Length: > 0 and <= MaxTextLength } key ? key : null);
        _responseBody.AnswersBatch = message?.IsBatch ?? false;
        _openSession = _session is null || Opens(message) ? null : sessions.Begin(_session);
        Client = _openSession?.Client ?? ClientIdentity.From(message?.ClientName, message?.ClientVersion, headers.UserAgent.ToString());
        _protocolVersion = version ?? _openSession?.ProtocolVersion;
    }

    /// <summary>The records of the exchange, which is over: one, or one for each message of a batch.</summary>
    /// <param name="target">Where it went, without a query.</param>
    /// <param name="sessions">Who opened which session; an exchange that opens or ends one is entered here.</param>
    public IEnumerable<ExchangeRecord> End(string target, SessionDirectory sessions)
    {
        var total = _time.GetElapsedTime(_started);
        var request = RequestBody.Summarize();
        var session = _session ?? HostHeaders.Value(_context.Response.Headers, HostHeaders.SessionId);
        var status = Status();
        var tunnel = _context.Features.Get<TunnelTimes>();
        Enter(session, request, status, sessions);
        if (request is not { IsBatch: true })
        {
            return [Record(request, Error is null && request is not null ? _responseBody.Outcome : null, batchSize: null)];
        }

        var records = new List<ExchangeRecord>(request.Others.Count + 1);
        foreach (var message in request.Others.Prepend(request))
        {
            records.Add(Record(message, OutcomeInBatch(message), batchSize: request.Others.Count + 1));
        }

        return records;

        ExchangeRecord Record(JsonRpcSummary? message, JsonRpcOutcome? answer, int? batchSize) =>
            new()
            {
                RequestId = _context.TraceIdentifier,
                StartedAt = _startedAt,
                HttpMethod = IsWebSocket ? HttpMethods.Get : _context.Request.Method,
                HttpVersion = HttpVersionOf(_context.Request.Protocol),
                Status = status,
                IsCutShort = Error is null && Outcome is ForwardOutcome.CallerLeft or ForwardOutcome.Aborted,
                IsBroken = Outcome == ForwardOutcome.Aborted,
                RequestBytes = RequestBody.BytesRead,
                ResponseBytes = _responseBody.BytesWritten,
                IsCspApplied = IsCspApplied,
                Total = total,
                Upstream = UpstreamTime,
                Reading = _reading,
                Waiting = WaitingTime,
                Rewriting = RewritingTime,
                Tunnel = tunnel,
                Server = Server,
                Session = session,
                Client = Client?.Name,
                ClientVersion = Client?.Version,
                ProtocolVersion = Cut(_protocolVersion),
                User = HostHeaders.UserOf(_context.Request.Headers) ?? message?.User,
                ProxyError = Error?.Code,
                WidgetPage = WidgetPage,
                Target = target,
                BatchSize = batchSize,
                McpMethod = Cut(message?.Method),
                Name = Cut(message?.Name),
                ErrorCode = answer?.ErrorCode,
                ErrorMessage = answer?.ErrorMessage,
                IsToolError = answer?.IsToolError ?? false,
            };
    }

    private static string? Cut(string? text) => text is { Length: > MaxTextLength } ? text[..MaxTextLength] : text;

    private JsonRpcOutcome? OutcomeInBatch(JsonRpcSummary message) =>
        Error is null && message.Id is { } id ? _responseBody.OutcomesById?.GetValueOrDefault(id) : null;

    // The modern revision has no sessions; where the host has a key of its own, its first question opens one.
    private static bool Opens(JsonRpcSummary? message) => message?.Method is "initialize" or "server/discover";

    private void Enter(string? session, JsonRpcSummary? request, int status, SessionDirectory sessions)
    {
        _openSession?.Done(_time.GetTimestamp());
        if (session is null || status is < 200 or >= 300)
        {
            return;
        }

        if (Opens(request))
        {
            sessions.Open(session, Client, _protocolVersion);
        }
        else if (HttpMethods.IsDelete(_context.Request.Method))
        {
            sessions.Close(session);
        }
    }

    /// <summary><c>HTTP/1.1</c> without what is the same everywhere.</summary>
    public static string HttpVersionOf(string protocol) =>
        HttpProtocol.IsHttp2(protocol) ? "2"
        : HttpProtocol.IsHttp11(protocol) ? "1.1"
        : "1.0";

    private bool IsWebSocket => RequestKind.IsExtendedConnect(_context);

    private int Status()
    {
        if (Outcome == ForwardOutcome.CallerLeft && !_context.Response.HasStarted)
        {
            return 0;
        }

        return IsWebSocket && _context.Response.StatusCode == StatusCodes.Status200OK
            ? StatusCodes.Status101SwitchingProtocols
            : _context.Response.StatusCode;
    }
}
