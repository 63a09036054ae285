using Tunnel.Bench.Run.Paths;

namespace Tunnel.Bench.Run.Processes;

/// <summary>nginx with one worker and a configuration of its own, in a folder of its own.</summary>
internal static class NginxProcess
{
    private const string Answer =
        """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"sunny, 21 degrees"}],"isError":false}}""";

    /// <summary>A server that answers every request with the same small JSON-RPC result.</summary>
    public static string FixedAnswerServer(int port) =>
        $$"""
            server {
              listen 127.0.0.1:{{port}} backlog=4096;
              default_type application/json;
              location / {
                return 200 '{{Answer}}';
              }
            }
            """;

    /// <summary>A reverse proxy that streams, and lets WebSockets through.</summary>
    public static string ProxyServer(int port, int next) => ProxyServer($"listen 127.0.0.1:{port} backlog=4096;", next);

    /// <summary>
    /// The same for callers over TLS, with HTTP/2 if they like. It takes requests whole: nginx 1.22 fails a call in a thousand of many over one HTTP/2 connection otherwise.
    /// </summary>
    public static string TlsProxyServer(int port, int next, TlsFiles tls) =>
        ProxyServer(
            $"listen 127.0.0.1:{port} ssl http2 backlog=4096; ssl_certificate {tls.CertificatePath}; ssl_certificate_key {tls.KeyPath};",
            next,
            requestBuffering: "on"
        );

    private static string ProxyServer(string listen, int next, string requestBuffering = "off") =>
        $$"""
            map $http_upgrade $connection_header { default upgrade; '' ''; }
            upstream next { server 127.0.0.1:{{next}}; keepalive 1024; keepalive_requests 1000000000; }
            server {
              {{listen}}
              location / {
                proxy_pass http://next;
                proxy_http_version 1.1;
                proxy_set_header Host $http_host;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $connection_header;
                proxy_buffering off;
                proxy_request_buffering {{requestBuffering}};
                proxy_read_timeout 1h;
              }
            }
            """;

    public static BenchProcess Start(Bed bed, string role, string server)
    {
        var folder = bed.NewFolder("nginx");
        var file = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(file, Configuration(folder, server));
        var nginx = bed.Installed.Nginx ?? throw new BenchFailedException("nginx is not there");
        return BenchProcess.Start(role, bed.NewFile("nginx.log"), [nginx, "-p", folder, "-c", file, "-e", "stderr"]);
    }

    private static string Configuration(string folder, string server) =>
        $$"""
            daemon off;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            worker_processes 1;
            pid {{folder}}/pid;
            events { worker_connections 8192; }
            http {
              access_log off;
              tcp_nodelay on;
              keepalive_timeout 1h;
              keepalive_requests 1000000000;
              client_max_body_size 0;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
            {{server}}
            }
            """;
}
