using System.Net;
using System.Text;
using System.Text.Json.Nodes;
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
    /// <param name="page">Reads the widget's HTML.</param>
    /// <param name="cancellationToken">Of the test.</param>
    public static async Task<WidgetServer> StartAsync(string devServer, Func<Task<string>> page, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Answer(devServer, await page()).ToJsonString(), cancellationToken);
        });
        await app.StartAsync(cancellationToken);
        return new WidgetServer(app);
    }

    /// <summary>The widget as a host gets it from this URL.</summary>
    public static async Task<Widget> ReadAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        using var request = new StringContent(Read, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(url, request, cancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        var content = answer["result"]!["contents"]![0]!;
        return new Widget(content["text"]!.GetValue<string>(), HostPolicy.From(content["_meta"]!["ui"]!["csp"]!));
    }

    private static JsonObject Answer(string devServer, string page)
    {
        var csp = new JsonObject { ["resourceDomains"] = new JsonArray(devServer), ["connectDomains"] = new JsonArray(devServer) };
        var content = new JsonObject
        {
            ["uri"] = "ui://widget/page.html",
            ["mimeType"] = "text/html;profile=mcp-app",
            ["text"] = page,
            ["_meta"] = new JsonObject { ["ui"] = new JsonObject { ["csp"] = csp } },
        };
        return new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["result"] = new JsonObject { ["contents"] = new JsonArray(content) },
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>A widget as a host has it.</summary>
/// <param name="Page">Its HTML.</param>
/// <param name="Policy">What the host makes of its metadata.</param>
internal sealed record Widget(string Page, string Policy);
