using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WeatherServer;
using WeatherServer.Tools;

if (args is ["--probe", var address] && Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https"))
{
    return await ProbeAsync(url);
}

if (args is ["--stdio"])
{
    var server = new McpServer([new GetWeather(), new Forecast(TimeProvider.System), new Broken()]);
    using var streams = new StandardStreams(server, Console.OpenStandardOutput());
    await streams.ServeAsync(Console.OpenStandardInput());
    return 0;
}

int? port = args switch
{
    [] => 3000,
    ["--port", var text] when ushort.TryParse(text, out var number) => number,
    _ => null,
};
if (port is null)
{
    await Console.Error.WriteLineAsync(
        """
        usage: weather-server [--port N]    (default 3000, 0 takes a free port)
               weather-server --stdio       (speaks over standard input and output)
               weather-server --probe URL   (is the client: uses the server under this URL once and prints what it got)
        """
    );
    return 2;
}

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port.Value));

// Standard output carries the address and nothing else, so that a script can read it.
builder
    .Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
    .SetMinimumLevel(LogLevel.Warning)
    .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
builder.Services.AddRoutingCore();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<ITool, GetWeather>();
builder.Services.AddSingleton<ITool, Forecast>();
builder.Services.AddSingleton<ITool, Broken>();
builder.Services.AddSingleton<McpServer>();

await using var app = builder.Build();
app.UseLoopbackOnly();
app.MapMcp();

try
{
    await app.StartAsync();
}
catch (IOException failure)
{
    await Console.Error.WriteLineAsync($"error: {failure.Message}");
    return 1;
}

Console.WriteLine($"{app.Urls.Single()}/mcp");
await app.WaitForShutdownAsync();
return 0;

static async Task<int> ProbeAsync(Uri url)
{
    using var client = new SampleClient(url, Console.Out, TimeProvider.System);
    try
    {
        await client.UseEverythingAsync(CancellationToken.None);
        return 0;
    }
    catch (Exception failure)
        when (failure is SampleClientException or HttpRequestException or IOException or JsonException or TaskCanceledException)
    {
        await Console.Error.WriteLineAsync($"error: {failure.Message}");
        return 1;
    }
}
