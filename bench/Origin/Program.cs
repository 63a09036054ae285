using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Tunnel.Bench.Origin;

// bench-origin PORT: the server behind what is measured, for everything that nginx cannot answer.
var port = int.Parse(args[0], CultureInfo.InvariantCulture);

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore();
builder.WebHost.ConfigureKestrel(options =>
{
    options.Listen(IPAddress.Loopback, port);
    options.Limits.MaxRequestBodySize = null;
    options.Limits.MinRequestBodyDataRate = null;
    options.Limits.MinResponseDataRate = null;
});

await using var app = builder.Build();
app.UseWebSockets();
app.Run(context =>
    (context.Request.Method, context.Request.Path.Value) switch
    {
        (_, "/ws") => EchoSocket.ServeAsync(context),
        ("POST", "/upload") => Bulk.TakeAsync(context),
        ("GET", "/download") => Bulk.SendAsync(context),
        ("GET", "/mcp") => EventStreams.HoldAsync(context),
        ("POST", "/mcp") => ToolCalls.AnswerAsync(context),
        _ => NotFound(context),
    }
);
await app.RunAsync();

static Task NotFound(HttpContext context)
{
    context.Response.StatusCode = StatusCodes.Status404NotFound;
    return Task.CompletedTask;
}
