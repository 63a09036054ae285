using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tunnel.ProxyCore.Admin;

/// <summary>
/// The port for operators. Its connections bear a mark, and only what bears it gets to <see cref="AdminMiddleware"/>: no path of any
/// other port leads there.
/// </summary>
public sealed class AdminListener(IPEndPoint endpoint)
{
    private ListenOptions? _bound;

    /// <summary>Where it listens, with the port that was really taken.</summary>
    public IPEndPoint EndPoint => _bound?.IPEndPoint ?? endpoint;

    public static bool IsCallOf(HttpContext context) => context.Features.Get<Mark>() is not null;

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
                        connection.Features.Set(Mark.Instance);
                        return next(connection);
                    }
                );
            }
        );

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
