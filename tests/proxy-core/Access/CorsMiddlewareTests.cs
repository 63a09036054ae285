using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Tests.Servers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Access;

public sealed class CorsMiddlewareTests
{
    private const string Page = "https://app.example.com";

    [Fact]
    public async Task Preflight_IsAnsweredWithWhatBothErasNeed()
    {
        var call = new Call("OPTIONS", Page, ("Access-Control-Request-Method", "POST"));
        call.Request.Headers.AccessControlRequestHeaders = "content-type, mcp-param-region, x-other, mcp-param-\u0001, mcp-param-(x)";

        var headers = await call.RunAsync(new CorsPolicy());

        Assert.False(call.ReachedTheServer);
        Assert.Equal((204, "*"), (call.Response.StatusCode, headers["Access-Control-Allow-Origin"]));
        Assert.Equal(
            "Content-Type, Authorization, Accept, Mcp-Session-Id, Mcp-Protocol-Version, Last-Event-Id, Mcp-Method, Mcp-Name, "
                + "X-API-Key, mcp-param-region",
            headers["Access-Control-Allow-Headers"]
        );
        Assert.Equal("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS", headers["Access-Control-Allow-Methods"]);
        Assert.Equal("Origin, Access-Control-Request-Method, Access-Control-Request-Headers", headers["Vary"]);
        Assert.Empty(headers["Access-Control-Allow-Credentials"]);
        Assert.Empty(headers["Access-Control-Max-Age"]);
    }

    [Fact]
    public async Task Preflight_FollowsThePolicy()
    {
        var call = new Call("OPTIONS", Page, ("Access-Control-Request-Method", "POST"));
        call.Request.Headers.AccessControlRequestHeaders = "authorization,x-other";

        var headers = await call.RunAsync(
            new CorsPolicy
            {
                Origins = [Pattern(Page)],
                Methods = ["GET"],
                AllowedHeaders = ["*", "X-Listed"],
                MaxAge = TimeSpan.FromMinutes(10),
            }
        );

        Assert.Equal((Page, "true"), (headers["Access-Control-Allow-Origin"], headers["Access-Control-Allow-Credentials"]));
        Assert.Equal(("GET", "600"), (headers["Access-Control-Allow-Methods"], headers["Access-Control-Max-Age"]));
        Assert.EndsWith("X-API-Key, X-Listed, x-other", headers["Access-Control-Allow-Headers"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PreflightOfAnotherOrigin_IsRefused()
    {
        var call = new Call("OPTIONS", "https://evil.example", ("Access-Control-Request-Method", "POST"));

        var headers = await call.RunAsync(new CorsPolicy { Origins = [Pattern(Page)] });

        Assert.False(call.ReachedTheServer);
        Assert.Equal((403, "E1005"), (call.Response.StatusCode, headers["mcpr-error"]));
        Assert.Empty(headers["Access-Control-Allow-Origin"]);
    }

    [Theory]
    [InlineData(Page, null)]
    [InlineData(null, "POST")]
    public async Task OtherOptions_AreTheServers(string? origin, string? method)
    {
        var call = new Call("OPTIONS", origin, ("Access-Control-Request-Method", method));

        await call.RunAsync(new CorsPolicy());

        Assert.True(call.ReachedTheServer);
    }

    [Fact]
    public async Task Response_CanBeReadByThePage()
    {
        var headers = await new Call("POST", Page).RunAsync(new CorsPolicy { ExposedHeaders = ["X-Total"] });

        Assert.Equal("*", headers["Access-Control-Allow-Origin"]);
        Assert.Equal(
            "Mcp-Session-Id, WWW-Authenticate, Retry-After, mcpr-error, mcpr-request-id, X-Total",
            headers["Access-Control-Expose-Headers"]
        );
        Assert.Equal("Origin", headers["Vary"]);
        Assert.Empty(headers["Access-Control-Allow-Credentials"]);
    }

    [Fact]
    public async Task ListedPage_IsNamedAndMaySendCredentials()
    {
        var headers = await new Call("POST", Page).RunAsync(new CorsPolicy { Origins = [Pattern(Page)] });

        Assert.Equal((Page, "true"), (headers["Access-Control-Allow-Origin"], headers["Access-Control-Allow-Credentials"]));
    }

    [Fact]
    public async Task ListWithTheStarAmongOthers_NeverAllowsCredentials()
    {
        var headers = await new Call("POST", Page).RunAsync(new CorsPolicy { Origins = [Pattern(Page), OriginPattern.Any] });

        Assert.Equal("*", headers["Access-Control-Allow-Origin"]);
        Assert.Empty(headers["Access-Control-Allow-Credentials"]);
    }

    [Fact]
    public async Task OtherPage_GetsNoLeave()
    {
        var headers = await new Call("POST", "https://evil.example").RunAsync(new CorsPolicy { Origins = [Pattern(Page)] });

        Assert.Empty(headers["Access-Control-Allow-Origin"]);
        Assert.Equal("Origin", headers["Vary"]);
    }

    [Theory]
    [InlineData("Access-Control-Allow-Origin", "https://other.example")]
    [InlineData("Vary", "Accept, origin")]
    [InlineData("Vary", "*")]
    public async Task ServerThatDecidesItself_KeepsItsWord(string header, string value)
    {
        var call = new Call("POST", Page) { Answer = headers => headers[header] = value };

        var headers = await call.RunAsync(new CorsPolicy());

        Assert.Equal(value, headers[header]);
        Assert.Equal(1, headers.Count);
    }

    [Fact]
    public async Task OtherVary_IsKept()
    {
        var headers = await new Call("GET", Page) { Answer = headers => headers.Vary = "Accept-Encoding" }.RunAsync(new CorsPolicy());

        Assert.Equal("Accept-Encoding,Origin", headers["Vary"]);
    }

    [Theory]
    [InlineData("GET", "Origin")]
    [InlineData("POST", "")]
    public async Task CallWithoutAPage_LearnsNothingButWhatCachesNeed(string method, string vary)
    {
        var headers = await new Call(method, origin: null).RunAsync(new CorsPolicy());

        Assert.Empty(headers["Access-Control-Allow-Origin"]);
        Assert.Equal(vary, headers["Vary"]);
    }

    [Fact]
    public async Task SwitchedOff_LeavesEverythingToTheServer()
    {
        var preflight = new Call("OPTIONS", Page, ("Access-Control-Request-Method", "POST"));

        Assert.Equal(0, (await preflight.RunAsync(new CorsPolicy { IsEnabled = false })).Count);
        Assert.True(preflight.ReachedTheServer);
        Assert.Equal(0, (await new Call("GET", Page).RunAsync(new CorsPolicy { IsEnabled = false })).Count);
    }

    [Theory]
    [InlineData("GET", "/a.js", true)]
    [InlineData("OPTIONS", "/a.js", true)]
    [InlineData("OPTIONS", "/mcp", false)]
    public async Task WhatWidgetsLoad_IsNotRuledHere(string method, string path, bool expected)
    {
        var call = new Call(method, Page, ("Access-Control-Request-Method", "GET")) { Server = { WidgetFolder = "/widgets" } };
        call.Request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = path;

        var headers = await call.RunAsync(new CorsPolicy { Origins = [Pattern("https://other.example")] });

        Assert.Equal(expected, call.ReachedTheServer);
        Assert.Empty(headers["Access-Control-Allow-Origin"]);
    }

    private static OriginPattern Pattern(string text) =>
        OriginPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text, nameof(text));

    private sealed class Call
    {
        private readonly DefaultHttpContext _context = new();
        private readonly StartedResponse _response = new();

        public Call(string method, string? origin, params (string Name, string? Value)[] headers)
        {
            _context.Features.Set<IHttpResponseFeature>(_response);
            _context.Request.Method = method;
            foreach (var (name, value) in headers.Append(("Origin", origin)).Where(header => header.Item2 is not null))
            {
                _context.Request.Headers[name] = value;
            }
        }

        public HttpRequest Request => _context.Request;

        public HttpResponse Response => _context.Response;

        public McpProxyOptions Server { get; init; } = new();

        public Action<IHeaderDictionary> Answer { get; init; } = _ => { };

        public bool ReachedTheServer { get; private set; }

        /// <summary>The headers as they are sent.</summary>
        public async Task<SentHeaders> RunAsync(CorsPolicy policy)
        {
            using var services = new ServiceCollection()
                .AddSingleton(new CallRefuser([], TimeProvider.System))
                .Configure<McpProxyOptions>(options => options.Cors = policy)
                .BuildServiceProvider();
            var middleware = new CorsMiddleware(
                context =>
                {
                    ReachedTheServer = true;
                    // What the proxy does on the way to the server must not count.
                    context.Request.Headers.Origin = "http://localhost:9000";
                    Answer(context.Response.Headers);
                    return Task.CompletedTask;
                },
                new McpRouter(TestServers.Create((null, "http://localhost:9000/mcp")), new OAuthPaths(), Options.Create(Server)),
                services.GetRequiredService<IOptionsMonitor<McpProxyOptions>>(),
                services.GetRequiredService<CallRefuser>()
            );
            await middleware.InvokeAsync(_context);
            await _response.StartAsync();
            return new SentHeaders(_response.Headers);
        }
    }

    private sealed class SentHeaders(IHeaderDictionary headers)
    {
        public int Count => headers.Count;

        public string this[string name] => headers[name].ToString();
    }

    /// <summary>A response whose callbacks run, as a server runs them before it sends the headers.</summary>
    private sealed class StartedResponse : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _callbacks = new();

        public override void OnStarting(Func<object, Task> callback, object state) => _callbacks.Push((callback, state));

        public async Task StartAsync()
        {
            foreach (var (callback, state) in _callbacks)
            {
                await callback(state);
            }
        }
    }
}
