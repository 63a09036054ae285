using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Widgets;
using Tunnel.ProxyCore.Widgets.Reports;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets.Reports;

public sealed class ReportMiddlewareTests
{
    private const string Report = """{"widget":"ui://w","directive":"connect-src","blocked":"https://api.example.com"}""";

    private readonly ManualTimeProvider _time = new();
    private readonly Heard _heard = new();

    [Fact]
    public async Task Report_BecomesAnEvent()
    {
        var response = await CallAsync(NewMiddleware(), "POST", ReportScript.ReportPath, Report);

        Assert.Equal(StatusCodes.Status204NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.AccessControlAllowOrigin);
        var told = Assert.Single(_heard.Events);
        Assert.Equal(
            "csp_violation https://api.example.com connect-src ui://w",
            $"{told.Type} {told.BlockedUri} {told.Directive} {told.Widget}"
        );
        Assert.Equal("csp.connect_domains = [\"https://api.example.com\"]", told.Fix);
    }

    [Fact]
    public async Task Script_IsServedToAnyOrigin()
    {
        var response = await CallAsync(NewMiddleware(), "GET", ReportScript.Path, body: "");

        Assert.Equal("text/javascript; charset=utf-8", response.ContentType);
        Assert.Equal("*", response.Headers.AccessControlAllowOrigin);
        Assert.Equal("cross-origin", response.Headers["Cross-Origin-Resource-Policy"]);
        Assert.Equal(ReportScript.Text, Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray()));
    }

    [Theory]
    [InlineData("POST", ReportScript.ReportPath, "{}", 400)]
    [InlineData("GET", ReportScript.ReportPath, "", 405)]
    [InlineData("POST", ReportScript.Path, "", 405)]
    [InlineData("OPTIONS", ReportScript.ReportPath, "", 204)]
    [InlineData("POST", "/_mcpr/other", Report, 299)]
    public async Task OtherRequests_AreAnsweredOrPassedOn(string method, string path, string body, int status)
    {
        var response = await CallAsync(NewMiddleware(), method, path, body);

        Assert.Equal(status, response.StatusCode);
        Assert.Empty(_heard.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LongReport_IsRefused(bool isAnnounced)
    {
        var response = await CallAsync(NewMiddleware(), "POST", ReportScript.ReportPath, new string(' ', 5000), isAnnounced);

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task ManyReports_AreTakenSlowly()
    {
        var middleware = NewMiddleware();
        for (var i = 0; i < 100; i++)
        {
            await CallAsync(middleware, "POST", ReportScript.ReportPath, Report);
        }

        var tooMany = await CallAsync(middleware, "POST", ReportScript.ReportPath, Report);
        _time.Advance(TimeSpan.FromSeconds(1));
        var later = await CallAsync(middleware, "POST", ReportScript.ReportPath, Report);

        Assert.Equal(StatusCodes.Status429TooManyRequests, tooMany.StatusCode);
        Assert.Equal(StatusCodes.Status204NoContent, later.StatusCode);
        Assert.Equal(101, _heard.Events.Count);
    }

    [Fact]
    public async Task WithoutTheOption_ThePathsAreTheServers()
    {
        var response = await CallAsync(NewMiddleware(isWanted: false), "POST", ReportScript.ReportPath, Report);

        Assert.Equal(299, response.StatusCode);
    }

    private ReportMiddleware NewMiddleware(bool isWanted = true) =>
        new(
            context =>
            {
                context.Response.StatusCode = 299;
                return Task.CompletedTask;
            },
            new WidgetExchange.FixedOptions(new McpProxyOptions { Csp = new CspOptions { Report = isWanted } }),
            new ViolationReports(new EventPublisher([_heard], _time, NullLogger<EventPublisher>.Instance), [], _time),
            _time
        );

    private static async Task<HttpResponse> CallAsync(
        ReportMiddleware middleware,
        string method,
        string path,
        string body,
        bool isAnnounced = true
    )
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.ContentLength = isAnnounced ? body.Length : null;
        context.Response.Body = new MemoryStream();
        await middleware.InvokeAsync(context);
        return context.Response;
    }

    private sealed class Heard : IEventSink
    {
        public List<McpEvent> Events { get; } = [];

        public void Write(Guid id, McpEvent mcpEvent) => Events.Add(mcpEvent);
    }
}
