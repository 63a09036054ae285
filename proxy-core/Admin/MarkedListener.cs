using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tunnel.ProxyCore.Admin;

/// <summary>
/// A port that is not for callers. Its connections bear it as a mark, and only what bears it gets to what is behind it: no path of any other port leads there.
/// </summary>
public abstract class MarkedListener(IPEndPoint endpoint)
{
    private ListenOptions? _bound;

    /// <summary>Where it listens, with the port that was really taken.</summary>
    public IPEndPoint EndPoint => _bound?.IPEndPoint ?? endpoint;

    public override string ToString() => endpoint.ToString();

    public void AddTo(KestrelServerOptions kestrel) =>
        kestrel.Listen(
            endpoint,
            listen =>
            {
                _bound = listen;
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next =>
                    connection =>
                    {
                        connection.Features.Set(this);
                        return next(connection);
                    }
                );
            }
        );

    /// <summary>The port that a call came in by, if it is such a one.</summary>
    protected static MarkedListener? Of(HttpContext context) => context.Features.Get<MarkedListener>();
}
