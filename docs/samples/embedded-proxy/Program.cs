// An application of its own that has two MCP servers among its pages.
//   dotnet run -- --weather http://localhost:9000/mcp --notes http://localhost:9001/mcp
using Tunnel.ProxyCore.Servers.Offers;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddMcpProxy(proxy => proxy.UpstreamTimeout = TimeSpan.FromMinutes(2));
builder.Services.AddMcpEventSink(call => Console.WriteLine($"{call.Type} {call.Tool ?? call.Method} {call.Status} {call.LatencyMs} ms"));

var app = builder.Build();
app.MapGet("/", () => "MCP servers are at /weather/mcp and /notes/mcp");
app.MapMcpProxy("/weather/mcp", new Uri(builder.Configuration["weather"]!));
app.MapMcpProxy(
    "/notes/mcp",
    notes =>
    {
        notes.Urls = [new Uri(builder.Configuration["notes"]!)];
        notes.Tools = new NameRuleOptions { Deny = ["delete_*", "broken"] };
    }
);
await app.RunAsync();
