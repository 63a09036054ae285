using System.Collections.Concurrent;
using Microsoft.Playwright;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>A widget in a real browser: in the sandbox of a host, under the policy that the host makes of the metadata, loading through the tunnel.</summary>
[Trait("needs", "node")]
[Trait("needs", "chromium")]
public sealed class WidgetInBrowserTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task PageOfADevServer_RunsLoadsAndReloadsInTheSandbox()
    {
        SkipWithoutBrowser();
        await using var vite = await ViteServer.StartAsync(Cancellation);
        await using var server = await WidgetServer.StartAsync(vite.Origin, vite.ReadPageAsync, Cancellation);
        await using var bed = await TunnelBed.StartAsync(server.Url, Cancellation, "--widgets", vite.Origin);
        await using var host = await WidgetHost.StartAsync(await WidgetServer.ReadAsync(bed.Http, bed.Url, Cancellation), Cancellation);
        await using var browser = await Browser.StartAsync();
        var sockets = new ConcurrentQueue<string>();
        browser.Page.WebSocket += (_, socket) => sockets.Enqueue(socket.Url);

        await browser.Page.GotoAsync(host.Url.AbsoluteUri);
        var widget = browser.Page.FrameLocator("iframe");
        await AssertWorksAsync(widget);
        vite.Edit("message.js", "export const message = 'the edit arrived';");
        await widget.GetByText("the edit arrived").WaitForAsync();

        Assert.Empty(browser.Violations);
        Assert.NotEmpty(sockets);
        // Vite may have reloaded the whole page once, for what changed while it started.
        Assert.All(sockets, url => Assert.StartsWith($"ws://{bed.Url.Authority}/", url, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task PageOfAFolder_RunsAndLoadsInTheSandbox()
    {
        SkipWithoutBrowser();
        using var site = new WidgetSite();
        // A page that was built knows of no dev server.
        site.SetOrigin(string.Empty);
        await using var server = await WidgetServer.StartAsync(
            "http://localhost:5173",
            () => Task.FromResult(site.ReadPage()),
            Cancellation
        );
        await using var bed = await TunnelBed.StartAsync(server.Url, Cancellation, "--widgets", site.Path);
        await using var host = await WidgetHost.StartAsync(await WidgetServer.ReadAsync(bed.Http, bed.Url, Cancellation), Cancellation);
        await using var browser = await Browser.StartAsync();

        await browser.Page.GotoAsync(host.Url.AbsoluteUri);

        await AssertWorksAsync(browser.Page.FrameLocator("iframe"));
        Assert.Empty(browser.Violations);
    }

    /// <summary>The same without us, which shows that the tests above could fail.</summary>
    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task PageUnderThePolicyOfMetadataThatIsNotCompleted_Violates()
    {
        SkipWithoutBrowser();
        await using var vite = await ViteServer.StartAsync(Cancellation);
        await using var server = await WidgetServer.StartAsync(vite.Origin, vite.ReadPageAsync, Cancellation);
        await using var bed = await TunnelBed.StartAsync(server.Url, Cancellation, "--widgets", vite.Origin);
        var (page, _) = await WidgetServer.ReadAsync(bed.Http, bed.Url, Cancellation);
        var (_, policy) = await ReadDirectlyAsync(server);
        await using var host = await WidgetHost.StartAsync(new Widget(page, policy), Cancellation);
        await using var browser = await Browser.StartAsync();

        await browser.Page.GotoAsync(host.Url.AbsoluteUri);

        await browser.Page.FrameLocator("iframe").GetByText("waiting").First.WaitForAsync();
        Assert.Contains($"script-src-elem {bed.Url.GetLeftPart(UriPartial.Authority)}/main.js", browser.Violations, StringComparer.Ordinal);
    }

    /// <summary>The page as the MCP server has it.</summary>
    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task PageThatIsNotRewritten_Violates()
    {
        SkipWithoutBrowser();
        await using var vite = await ViteServer.StartAsync(Cancellation);
        await using var server = await WidgetServer.StartAsync(vite.Origin, vite.ReadPageAsync, Cancellation);
        await using var bed = await TunnelBed.StartAsync(server.Url, Cancellation, "--widgets", vite.Origin);
        var (_, policy) = await WidgetServer.ReadAsync(bed.Http, bed.Url, Cancellation);
        var (page, _) = await ReadDirectlyAsync(server);
        await using var host = await WidgetHost.StartAsync(new Widget(page, policy), Cancellation);
        await using var browser = await Browser.StartAsync();

        await browser.Page.GotoAsync(host.Url.AbsoluteUri);

        await browser.Page.FrameLocator("iframe").GetByText("waiting").First.WaitForAsync();
        Assert.Contains($"img-src {vite.Origin}/logo.svg", browser.Violations, StringComparer.Ordinal);
    }

    private static void SkipWithoutBrowser() => Assert.SkipWhen(Browser.Program is null, "there is no chromium on PATH");

    private static async Task<Widget> ReadDirectlyAsync(WidgetServer server)
    {
        using var http = new HttpClient();
        return await WidgetServer.ReadAsync(http, server.Url, Cancellation);
    }

    private static async Task AssertWorksAsync(IFrameLocator widget)
    {
        await widget.GetByText("the script runs").WaitForAsync();
        await widget.GetByText("the fetch works").WaitForAsync();
        foreach (var image in new[] { "#relative", "#absolute" })
        {
            Assert.Equal(8, await widget.Locator(image).EvaluateAsync<int>("async image => (await image.decode(), image.naturalWidth)"));
        }

        Assert.Equal("rgb(1, 2, 3)", await widget.Locator("#message").EvaluateAsync<string>("text => getComputedStyle(text).color"));
    }
}
