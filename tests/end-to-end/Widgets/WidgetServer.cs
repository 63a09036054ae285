using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>An MCP server with one widget, whose metadata speaks of the dev server as its author has it.</summary>
internal sealed class WidgetServer : IAsyncDisposable
{
    private const string Read = """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"ui://widget/page.html"}}""";

    private readonly WebApplication _app;

    private WidgetServer(WebApplication app)
    {
        _app = app;
        Url = new Uri(app.Urls.Single() + "/mcp");
    }

    public Uri Url { get; }

    /// <param name="devServer">Where the widget's author has it.</param>
    /// <param name="cancellationToken">Of the test.</param>
    public static async Task<WidgetServer> StartAsync(string devServer, CancellationToken cancellationToken)
    {
        var answer = """
            {"jsonrpc":"2.0","id":1,"result":{"contents":[{"uri":"ui://widget/page.html","mimeType":"text/html;profile=mcp-app","text":"",
            "_meta":{"ui":{"csp":{"resourceDomains":["DEV_SERVER"],"connectDomains":["DEV_SERVER"]}}}}]}}
            """.Replace("DEV_SERVER", devServer, StringComparison.Ordinal);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(answer, cancellationToken);
        });
        await app.StartAsync(cancellationToken);
        return new WidgetServer(app);
    }

    /// <summary>What a host gets to know of the widget's policy from this URL.</summary>
    public static async Task<JsonElement> ReadPolicyAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        using var request = new StringContent(Read, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(url, request, cancellationToken);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        var contents = answer.RootElement.GetProperty("result").GetProperty("contents")[0];
        return contents.GetProperty("_meta").GetProperty("ui").GetProperty("csp").Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
