using System.Net;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Modern;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge;

/// <summary>
/// An MCP server over standard input and output, as if it were one on the web. It stands where the connections to a server are otherwise, so
/// that everything in front of it is the same for both.
/// <code>
/// POST, GET, DELETE /mcp          Streamable HTTP
/// GET /sse, POST /messages        HTTP+SSE (revision 2024-11-05)
/// </code>
/// </summary>
internal sealed class StdioServer : HttpMessageHandler, IAsyncDisposable
{
    private readonly SessionHost _host;
    private readonly StreamableHttp _streamable;
    private readonly LegacyEvents _legacy;
    private readonly ModernHttp _modern;
    private readonly StatelessHttp? _stateless;

    public StdioServer(string name, StdioServerOptions options, OrphanGuard guard, BridgeMetrics metrics, ILogger logger, TimeProvider time)
    {
        _host = new SessionHost(new ProcessSource(name, options, guard, metrics, logger, time), metrics, logger);
        _streamable = new StreamableHttp(_host);
        _legacy = new LegacyEvents(_host);
        _stateless = options.Mode == SessionMode.Stateless ? new StatelessHttp(_host.Lanes, options.MaxKeptEvents, metrics, time) : null;
        _modern = new ModernHttp(_host.Modern, metrics, time);
    }

    /// <summary>Ends streams on which clients only listen.</summary>
    public Task EndListeningAsync() => _host.EndListeningAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new BridgeRequest(request);
        var response = await AnswerAsync(asked, cancellationToken);
        response.RequestMessage = request;
        return response;
    }

    private Task<HttpResponseMessage> AnswerAsync(BridgeRequest request, CancellationToken cancellationToken) =>
        (WhatIs(request.Path), request.Method.Method) switch
        {
            // Neither sessions nor streams of their own: those who ask for them have to be told that there are none.
            (Place.Stream, "GET" or "DELETE") when _stateless is not null || Revisions.IsModern(request.ProtocolVersion) => Task.FromResult(
                Answers.MethodNotAllowed("POST")
            ),
            (Place.Stream or Place.Messages, "POST") => PostAsync(request, cancellationToken),
            (Place.Stream, "GET") => Task.FromResult(_streamable.Get(request)),
            (Place.Stream, "DELETE") => Task.FromResult(_streamable.Delete(request)),
            (Place.Stream, _) => Task.FromResult(Answers.MethodNotAllowed("GET", "POST", "DELETE")),
            (Place.Events, "GET") => Task.FromResult(_legacy.Open(request)),
            (Place.Events, _) => Task.FromResult(Answers.MethodNotAllowed("GET")),
            (Place.Messages, _) => Task.FromResult(Answers.MethodNotAllowed("POST")),
            _ => Task.FromResult(Answers.Refuse(HttpStatusCode.NotFound, -32000, "Not found")),
        };

    private Place WhatIs(string path) =>
        path == _host.Options.StreamPath ? Place.Stream
        : path == _host.Options.EventsPath ? Place.Events
        : path == LegacyEvents.PostPath && _host.Options.EventsPath is not null ? Place.Messages
        : Place.Nowhere;

    private async Task<HttpResponseMessage> PostAsync(BridgeRequest request, CancellationToken cancellationToken)
    {
        var isLegacy = request.Path == LegacyEvents.PostPath || LegacyEvents.SessionIdOf(request) is not null;
        if (!request.IsJson)
        {
            return Answers.WrongMediaType();
        }

        if (!isLegacy && !request.AcceptsJson)
        {
            return Answers.NotAcceptable();
        }

        if (await request.ReadAsync(_host.Options.MaxMessage, cancellationToken) is not { } body)
        {
            return Answers.TooLarge(_host.Options.MaxMessage);
        }

        if (BridgeRequest.Messages(body) is not { } messages)
        {
            return Answers.ParseError();
        }

        if (!isLegacy && Envelope.IsClaimedBy(request, messages))
        {
            return await _modern.PostAsync(request, messages, cancellationToken);
        }

        return isLegacy ? await _legacy.PostAsync(request, messages, cancellationToken)
            : _stateless is not null ? await _stateless.PostAsync(request, messages, cancellationToken)
            : await _streamable.PostAsync(request, messages, cancellationToken);
    }

    private enum Place
    {
        Nowhere,
        Stream,
        Events,
        Messages,
    }
}
