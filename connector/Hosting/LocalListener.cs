using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Tunnel.ProxyCore.Tls;

namespace Tunnel.Connector.Hosting;

/// <summary>A port of this machine.</summary>
internal sealed class LocalListener(IPAddress address, int port, CertificateFiles? certificate)
{
    private ListenOptions? _bound;

    /// <summary>The URL for callers on this machine, with the port that was really taken.</summary>
    public Uri UrlOf(string path)
    {
        var host =
            address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : address;
        var shown = host.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{host}]" : host.ToString();
        var bound = _bound?.IPEndPoint?.Port ?? port;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{(certificate is null ? "http" : "https")}://{shown}:{bound}{path}"));
    }

    public bool IsLoopback => IPAddress.IsLoopback(address);

    public override string ToString() => new IPEndPoint(address, port).ToString();

    public void AddTo(KestrelServerOptions kestrel) =>
        kestrel.Listen(
            address,
            port,
            listen =>
            {
                _bound = listen;
                // HTTP/2 needs TLS to be agreed upon.
                listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null)
                {
                    listen.UseHttps(
                        new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current().Options) }
                    );
                }
            }
        );
}
