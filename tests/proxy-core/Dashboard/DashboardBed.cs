using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Dashboard;
using Tunnel.ProxyCore.Dashboard.Access;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.ProxyCore.Servers;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard;

/// <summary>A proxy with a dashboard in front of a server that answers every call with its arguments.</summary>
internal sealed class DashboardBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _server;
    private readonly WebApplication _proxy;
    private readonly HistoryWriter _writer;
    private readonly DashboardListener _listener = new(new IPEndPoint(IPAddress.Loopback, 0));

    private DashboardBed(WebApplication server)
    {
        _server = server;
        HistoryFile = _folder.PathOf("history.db");
        _writer = new HistoryWriter(
            new SqliteHistoryStore(HistoryDatabase.Create(HistoryFile)),
            new HistoryOptions(),
            _ => { },
            TimeProvider.System
        );
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            _listener.AddTo(kestrel);
        });
        builder.Services.AddMcpProxy(proxy => proxy.Servers.Add(new McpServerOptions { Urls = [new Uri($"{server.Urls.First()}/mcp")] }));
        builder.Services.AddSingleton<IEventSink>(_writer);
        builder.Services.AddSingleton<IToolListSink>(_writer);
        builder.Services.AddSingleton(new AllowedHosts([]));
        builder.Services.AddDashboard(
            new DashboardOptions
            {
                History = _writer,
                Captures = new ExchangeCaptures(),
                Version = "1",
            },
            Key
        );
        _proxy = builder.Build();
        _proxy.UseDashboard();
        _proxy.RunMcpProxy();
    }

    public string HistoryFile { get; }

    public DashboardKey Key { get; } = new();

    /// <summary>Somebody who has no cookie, and follows no redirect.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    /// <summary>Somebody who came in by the URL.</summary>
    public HttpClient Owner { get; private set; } = null!;

    public HttpClient Caller { get; private set; } = null!;

    public static async Task<DashboardBed> StartAsync()
    {
        var bed = new DashboardBed(await StartServerAsync());
        await bed._proxy.StartAsync(TestContext.Current.CancellationToken);
        var root = new Uri($"http://{bed._listener.EndPoint}");
        bed.Stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = root };
        bed.Owner = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = root };
        bed.Owner.DefaultRequestHeaders.Add("mcpr-dashboard", "1");
        bed.Caller = new HttpClient { BaseAddress = new Uri(bed._proxy.Urls.First(url => url != root.ToString().TrimEnd('/'))) };
        using var entered = await bed.Owner.GetAsync($"/?t={bed.Key.Token}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        return bed;
    }

    /// <summary>Calls a tool through the proxy.</summary>
    public async Task CallAsync(string arguments, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{{{arguments}}}}}""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await Caller.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Follows the feed from now on, as far as a number of rows.</summary>
    public async Task<Func<Task<JsonElement>>> FollowAsync()
    {
        var stream = new StreamReader(await Owner.GetStreamAsync("/api/v1/stream", TestContext.Current.CancellationToken));
        return async () =>
        {
            while (await stream.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return JsonElement.Parse(line[6..]);
                }
            }

            throw new EndOfStreamException();
        };
    }

    public Task<JsonElement> GetAsync(string path) =>
        Owner.GetFromJsonAsync<JsonElement>($"/api/v1/{path}", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        Stranger.Dispose();
        Caller.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
        await _writer.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static async Task<WebApplication> StartServerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.Run(async context =>
        {
            var message = await context.Request.ReadFromJsonAsync<JsonElement>(context.RequestAborted);
            var result = message.GetProperty("method").GetString() switch
            {
                "tools/list" => """{"tools":[{"name":"echo"},{"name":"unused"}]}""",
                _ => $$$"""{"content":[],"structuredContent":{{{message.GetProperty("params").GetProperty("arguments")}}}}""",
            };
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$$"""{"jsonrpc":"2.0","id":1,"result":{{{result}}}}""", context.RequestAborted);
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
