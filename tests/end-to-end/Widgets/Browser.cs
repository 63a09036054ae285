using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>Chromium with one page, which remembers what policies forbade in any of its frames.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Mark = "forbidden: ";

    // Runs in every frame before anything else, out of reach of policies.
    private const string Watch = $$"""
        document.addEventListener('securitypolicyviolation', (event) =>
          console.log('{{Mark}}' + event.effectiveDirective + ' ' + event.blockedURI));
        """;

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly ConcurrentQueue<string> _console = new();

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
        page.Console += (_, message) => _console.Enqueue(message.Text);
    }

    /// <summary>Where it is installed, or null.</summary>
    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    public IPage Page { get; }

    /// <summary>Directive and URL of everything that a policy forbade.</summary>
    public IEnumerable<string> Violations =>
        _console.Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..]);

    public IEnumerable<string> Console => _console;

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        // Test machines run everything as root, where Chromium's own sandbox cannot be.
        var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-dev-shm-usage"] }
        );
        var page = await browser.NewPageAsync();
        await page.AddInitScriptAsync(Watch);
        return new Browser(playwright, browser, page);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
