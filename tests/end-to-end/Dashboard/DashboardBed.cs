using System.Net.Http.Headers;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Widgets;

namespace Tunnel.EndToEnd.Tests.Dashboard;

/// <summary>The fixture server behind a connector with a dashboard, and a browser that has been let in.</summary>
internal sealed class DashboardBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _fixture;
    private readonly HttpClient _http = new();
    private string? _session;

    private DashboardBed(TemporaryFolder folder, ChildProcess fixture, LocalProxy proxy, Browser browser, Uri dashboard)
    {
        _folder = folder;
        _fixture = fixture;
        Proxy = proxy;
        Browser = browser;
        Dashboard = dashboard;
    }

    public LocalProxy Proxy { get; }

    public Browser Browser { get; }

    /// <summary>The URL that was printed.</summary>
    public Uri Dashboard { get; }

    public static async Task<DashboardBed> StartAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(Browser.Program is null, "there is no chromium on PATH");
        var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(ConfigurationIn(folder), "ping = true\n", cancellationToken);
        var fixture = ChildProcess.Start(Repository.Tests("node"), [Repository.Tests("fixture-server", "main.js"), "--http", "0"]);
        var server = await fixture.Output.WaitForAsync(_ => true, cancellationToken);
        var proxy = await LocalProxy.StartAsync(
            ["proxy", "--mcp", server, "--port", "0", "--dashboard=0"],
            cancellationToken,
            workingFolder: folder.Path
        );
        // mcpr: dashboard http://127.0.0.1:41231/?t=…
        var line = await proxy.Process.Error.WaitForAsync(
            line => line.Contains("dashboard http", StringComparison.Ordinal),
            cancellationToken
        );
        var bed = new DashboardBed(
            folder,
            fixture,
            proxy,
            await Browser.StartAsync(),
            new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..])
        );
        await bed.Browser.Page.GotoAsync(bed.Dashboard.AbsoluteUri);
        return bed;
    }

    /// <summary>Opens a page, such as <c>requests?status=failed</c>.</summary>
    public Task OpenAsync(string page) => Browser.Page.GotoAsync(new Uri(Dashboard, "/" + page).AbsoluteUri);

    /// <summary>Writes a line into mcpr.toml as its user does, and waits until it counts.</summary>
    public async Task ConfigureAsync(string line, CancellationToken cancellationToken)
    {
        var from = Proxy.Process.Error.Lines.Count;
        await File.WriteAllTextAsync(ConfigurationIn(_folder), line + "\nping = true\n", cancellationToken);
        await Proxy.Process.Error.WaitForAsync(said => said.Contains("configuration", StringComparison.Ordinal), cancellationToken, from);
    }

    /// <summary>Calls the server through the proxy as a client of this name, in a session of its own.</summary>
    public async Task ConnectAsync(string client, CancellationToken cancellationToken)
    {
        _session = null;
        await CallAsync(
            "initialize",
            $$$"""{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"{{{client}}}","version":"1.2.3"}}""",
            cancellationToken
        );
    }

    public async Task CallAsync(string method, string parameters, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Proxy.Url)
        {
            Content = new StringContent(
                $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""",
                Encoding.UTF8,
                new MediaTypeHeaderValue("application/json")
            ),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (_session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", _session);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        _session = response.Headers.TryGetValues("Mcp-Session-Id", out var sessions) ? sessions.First() : _session;
        await response.Content.ReadAsStringAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Browser.DisposeAsync();
        await Proxy.DisposeAsync();
        await _fixture.DisposeAsync();
        _folder.Dispose();
    }

    private static string ConfigurationIn(TemporaryFolder folder) => Path.Combine(folder.Path, "mcpr.toml");
}
