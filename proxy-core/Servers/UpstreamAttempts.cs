using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.ProxyCore.Servers;

/// <summary>
/// The addresses that one exchange is tried with. A request of which nothing was sent goes on to the next, unless it belongs to a session:
/// that one is gone with its address.
/// </summary>
internal sealed class UpstreamAttempts : IDisposable
{
    private readonly HttpContext _context;
    private readonly RequestBodyTap _body;
    private readonly UpstreamPool _pool;
    private readonly string? _session;
    private readonly Upstream? _holder;
    private ImmutableArray<Upstream> _tried = [];
    private Upstream? _current;

    private UpstreamAttempts(HttpContext context, RequestBodyTap body, UpstreamPool pool, string target)
    {
        (_context, _body, _pool) = (context, body, pool);
        if (!pool.HasSeveral)
        {
            return;
        }

        _session = HostHeaders.Value(context.Request.Headers, HostHeaders.SessionId) ?? target;
        _holder = pool.Holders.Find(_session);
        // Before the caller has the headers of the answer, since it may use the session at once.
        context.Response.OnStarting(NoteSession);
    }

    /// <summary>Whether the request belonged to a session whose address is not there any more.</summary>
    public bool HasLostSession { get; private set; }

    /// <summary>The origins that were asked.</summary>
    public string Tried => string.Join(", ", _tried.Select(upstream => upstream.Origin));

    /// <param name="context">The exchange, whose response has not started.</param>
    /// <param name="body">Its request body.</param>
    /// <param name="server">Whose addresses they are.</param>
    /// <param name="target">The target at the server, which for legacy clients names their session.</param>
    public static UpstreamAttempts Begin(HttpContext context, RequestBodyTap body, McpServer server, string target) =>
        new(context, body, server.Upstreams, target);

    /// <summary>The address to send the request to, the first one or after another was tried.</summary>
    /// <param name="last">How the last attempt ended; before the first it does not count.</param>
    /// <returns>Null when there is nothing more to try.</returns>
    public Upstream? Next(ForwardOutcome last)
    {
        if (_current is not null && !MayGoOn(_current, last))
        {
            return null;
        }

        _current?.End();
        _current = _holder ?? _pool.Choose(_tried);
        _current?.Begin();
        _tried = _current is null ? _tried : _tried.Add(_current);
        return _current;
    }

    public void Dispose() => _current?.End();

    private bool MayGoOn(Upstream upstream, ForwardOutcome outcome)
    {
        if (outcome == ForwardOutcome.Completed)
        {
            _pool.Mark(upstream, isUp: true);
        }

        if (outcome != ForwardOutcome.NotConnected)
        {
            return false;
        }

        _pool.Mark(upstream, isUp: false);
        HasLostSession = _holder is not null;
        if (HasLostSession)
        {
            _pool.Holders.Remove(_session!);
        }

        return !HasLostSession && _body.TryRewind();
    }

    private Task NoteSession()
    {
        if (_current is null)
        {
            return Task.CompletedTask;
        }

        if (HostHeaders.Value(_context.Response.Headers, HostHeaders.SessionId) is { } opened)
        {
            _pool.Holders.Add(opened, _current);
        }

        if (_holder is not null && HttpMethods.IsDelete(_context.Request.Method) && _context.Response.StatusCode is >= 200 and < 300)
        {
            _pool.Holders.Remove(_session!);
        }

        return Task.CompletedTask;
    }
}
