using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>Watches one exchange from its first byte to its last, and then says what it was.</summary>
internal sealed class ExchangeObservation
{
    private readonly HttpContext _context;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly long _started;
    private readonly ResponseBodyTap _responseBody;
    private string? _session;
    private string? _protocolVersion;

    private ExchangeObservation(HttpContext context, McpRouter router, TimeProvider time)
    {
        _context = context;
        _time = time;
        _startedAt = time.GetUtcNow();
        _started = time.GetTimestamp();
        RequestBody = RequestBodyTap.Attach(context);
        _responseBody = ResponseBodyTap.Attach(context, router);
    }

    public RequestBodyTap RequestBody { get; }

    /// <summary>How forwarding ended; set when it has.</summary>
    public ForwardOutcome Outcome { get; set; } = ForwardOutcome.CallerLeft;

    /// <summary>Our own error answer, where there was one.</summary>
    public ProxyError? Error { get; set; }

    /// <summary>Time spent on the server; the rest is ours.</summary>
    public TimeSpan UpstreamTime { get; set; }

    public static ExchangeObservation Begin(HttpContext context, McpRouter router, TimeProvider time) => new(context, router, time);

    /// <summary>Who is calling, as far as the request and its session tell; known once <see cref="Identify"/> was called.</summary>
    public ClientIdentity? Client { get; private set; }

    /// <summary>Finds out who is calling, once the request body was read ahead.</summary>
    /// <param name="sessions">Who opened which session.</param>
    public void Identify(SessionDirectory sessions)
    {
        var headers = _context.Request.Headers;
        var message = RequestBody.Summarize();
        var said = ClientIdentity.From(message?.ClientName, message?.ClientVersion, headers.UserAgent.ToString());
        var version = message?.ProtocolVersion ?? HostHeaders.Value(headers, HostHeaders.ProtocolVersion);
        _session = HostHeaders.SessionOf(headers);
        var known = _session is null || message?.Method == "initialize" ? default : sessions.Find(_session);
        Client = known.Client ?? said;
        _protocolVersion = version ?? known.ProtocolVersion;
    }

    /// <summary>The record of the exchange, which is over.</summary>
    /// <param name="target">Where it went, without a query.</param>
    /// <param name="sessions">Who opened which session; an exchange that opens or ends one is entered here.</param>
    public ExchangeRecord End(string target, SessionDirectory sessions)
    {
        var total = _time.GetElapsedTime(_started);
        var request = RequestBody.Summarize();
        var answer = Error is null && request is not null ? _responseBody.Outcome : null;
        var session = _session ?? HostHeaders.Value(_context.Response.Headers, HostHeaders.SessionId);
        var status = Status();
        Enter(session, request, status, sessions);
        return new ExchangeRecord
        {
            RequestId = _context.TraceIdentifier,
            StartedAt = _startedAt,
            HttpMethod = IsWebSocket ? HttpMethods.Get : _context.Request.Method,
            Status = status,
            IsCutShort = Outcome is ForwardOutcome.CallerLeft or ForwardOutcome.Aborted,
            IsBroken = Outcome == ForwardOutcome.Aborted,
            RequestBytes = RequestBody.BytesRead,
            ResponseBytes = _responseBody.BytesWritten,
            Total = total,
            Upstream = UpstreamTime,
            Session = session,
            Client = Client?.Name,
            ClientVersion = Client?.Version,
            ProtocolVersion = _protocolVersion,
            User = HostHeaders.UserOf(_context.Request.Headers),
            McpMethod = request?.Method,
            Name = request?.Name,
            ErrorCode = answer?.ErrorCode,
            ErrorMessage = answer?.ErrorMessage,
            IsToolError = answer?.IsToolError ?? false,
            ProxyError = Error?.Code,
            Target = target,
        };
    }

    private void Enter(string? session, JsonRpcSummary? request, int status, SessionDirectory sessions)
    {
        if (session is null || status is < 200 or >= 300)
        {
            return;
        }

        if (request?.Method == "initialize")
        {
            sessions.Open(session, Client, _protocolVersion);
        }
        else if (HttpMethods.IsDelete(_context.Request.Method))
        {
            sessions.Close(session);
        }
    }

    // Inside the tunnel a WebSocket is an extended CONNECT (RFC 8441); the caller knows it as GET and 101.
    private bool IsWebSocket => _context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect ?? false;

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
