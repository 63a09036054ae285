using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Proxy;

public sealed class MapMcpProxyTests
{
    private static readonly Uri s_upstream = new("http://localhost:9/mcp");

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("mcp")]
    [InlineData("/mcp/")]
    [InlineData("/{name}/mcp")]
    [InlineData("/mcp?x")]
    public async Task PathThatIsNone_IsRefused(string path)
    {
        await using var app = Build();

        Assert.Throws<ArgumentException>(nameof(path), () => app.MapMcpProxy(path, s_upstream));
    }

    [Fact]
    public async Task PathInAGroup_IsRefused()
    {
        await using var app = Build();

        Assert.Throws<ArgumentException>("path", () => app.MapGroup("/api").MapMcpProxy("/mcp", s_upstream));
    }

    [Fact]
    public async Task ServerThatCannotBe_IsRefused()
    {
        await using var app = Build();

        Assert.Throws<ArgumentException>("configure", () => app.MapMcpProxy("/mcp", new Uri("ftp://localhost/")));
        Assert.Throws<ArgumentException>("configure", () => app.MapMcpProxy("/mcp", _ => { }));
    }

    [Fact]
    public async Task OptionsThatCannotBe_StopTheStart()
    {
        await using var app = Build(proxy => proxy.UpstreamTimeout = TimeSpan.Zero);

        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Keys_HoldForMappedServers()
    {
        await using var app = Build(proxy => proxy.ApiKeys = ["0123456789abcdef"]);
        app.MapMcpProxy("/mcp", s_upstream);
        var endpoint = ((IEndpointRouteBuilder)app)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .First(endpoint => endpoint.RoutePattern.RawText == "/mcp");
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Request.Method = "GET";

        await endpoint.RequestDelegate!(context);

        Assert.Equal(401, context.Response.StatusCode);
    }

    private static WebApplication Build(Action<McpProxyOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMcpProxy(configure);
        return builder.Build();
    }
}
