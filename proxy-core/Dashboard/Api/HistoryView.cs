using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Dashboard.Live;
using Tunnel.ProxyCore.History;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>A history as the API shows it, with those who watch it. For as long as the history is there.</summary>
public sealed class HistoryView
{
    /// <param name="store">The history.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Ends when the program does, which must not wait for who only watches.</param>
    public HistoryView(IHistoryStore store, TimeProvider time, CancellationToken stopping)
        : this(store, captures: null, time, stopping) { }

    internal HistoryView(IHistoryStore store, ExchangeCaptures? captures, TimeProvider time, CancellationToken stopping)
    {
        Store = store;
        History = new HistoryEndpoints(store, requestId => captures?.Find(requestId) is not null, time);
        Sessions = new SessionEndpoints(History, store);
        Schemas = new SchemasEndpoint(History, store);
        Requests = new RequestEndpoints(History, store, captures);
        Stream = new StreamEndpoint(new LiveFeed(store, time, stopping), History, store, time);
    }

    public IHistoryStore Store { get; }

    internal HistoryEndpoints History { get; }

    internal SessionEndpoints Sessions { get; }

    internal SchemasEndpoint Schemas { get; }

    internal RequestEndpoints Requests { get; }

    internal StreamEndpoint Stream { get; }
}
