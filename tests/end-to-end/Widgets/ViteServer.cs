using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>Vite's dev server in front of a copy of tests/widget-site that a test may edit.</summary>
internal sealed class ViteServer : IAsyncDisposable
{
    private readonly WidgetSite _site;
    private readonly ChildProcess _process;

    private ViteServer(WidgetSite site, ChildProcess process, Uri url)
    {
        _site = site;
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    public string Origin => Url.GetLeftPart(UriPartial.Authority);

    public static async Task<ViteServer> StartAsync(CancellationToken cancellationToken)
    {
        var site = new WidgetSite();
        var process = ChildProcess.Start(
            Repository.Tests("node"),
            [Repository.Tests("node_modules", "vite", "bin", "vite.js"), site.Path, "--host", "127.0.0.1", "--port", "0"],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["NO_COLOR"] = "1", ["FORCE_COLOR"] = null }
        );
        // ➜  Local:   http://127.0.0.1:35141/
        var line = await process.Output.WaitForAsync(line => line.Contains("Local:", StringComparison.Ordinal), cancellationToken);
        var url = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Trim());
        site.SetOrigin(url.GetLeftPart(UriPartial.Authority));
        return new ViteServer(site, process, url);
    }

    /// <summary>The page as the server has it.</summary>
    public async Task<string> ReadPageAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(Url);
    }

    public void Edit(string file, string content) => _site.Edit(file, content);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _site.Dispose();
    }
}
