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
        await using var server = await WidgetServer.StartAsync(vite.Origin, Cancellation);
        await using var bed = await TunnelBed.StartAsync(server.Url, Cancellation, "--widgets", vite.Origin);
        await using var host = await HostFrom(bed, Cancellation);
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
        await using var server = await WidgetServer.StartAsync("http://localhost:5173", Cancellation);
        await using var bed = await TunnelBed.StartAsync(server.Url, Cancellation, "--widgets", site.Path);
        site.SetOrigin(bed.Url.GetLeftPart(UriPartial.Authority));
        await using var host = await HostFrom(bed, Cancellation);
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
        await using var server = await WidgetServer.StartAsync(vite.Origin, Cancellation);
        await using var bed = await TunnelBed.StartAsync(server.Url, Cancellation, "--widgets", vite.Origin);
        using var direct = new HttpClient();
        var policy = HostPolicy.From(await WidgetServer.ReadPolicyAsync(direct, server.Url, Cancellation));
        await using var host = await WidgetHost.StartAsync(await PageFrom(bed, Cancellation), policy, Cancellation);
        await using var browser = await Browser.StartAsync();

        await browser.Page.GotoAsync(host.Url.AbsoluteUri);

        await browser.Page.FrameLocator("iframe").GetByText("waiting").First.WaitForAsync();
        Assert.Contains($"script-src-elem {bed.Url.GetLeftPart(UriPartial.Authority)}/main.js", browser.Violations, StringComparer.Ordinal);
    }

    /// <summary>The page as the dev server has it.</summary>
    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task PageThatIsNotRewritten_Violates()
    {
        SkipWithoutBrowser();
        await using var vite = await ViteServer.StartAsync(Cancellation);
        await using var server = await WidgetServer.StartAsync(vite.Origin, Cancellation);
        await using var bed = await TunnelBed.StartAsync(server.Url, Cancellation, "--widgets", vite.Origin);
        using var direct = new HttpClient();
        var policy = HostPolicy.From(await WidgetServer.ReadPolicyAsync(bed.Http, bed.Url, Cancellation));
        await using var host = await WidgetHost.StartAsync(await direct.GetStringAsync(vite.Url, Cancellation), policy, Cancellation);
        await using var browser = await Browser.StartAsync();

        await browser.Page.GotoAsync(host.Url.AbsoluteUri);

        await browser.Page.FrameLocator("iframe").GetByText("waiting").First.WaitForAsync();
        Assert.Contains($"img-src {vite.Origin}/logo.svg", browser.Violations, StringComparer.Ordinal);
    }

    private static void SkipWithoutBrowser() => Assert.SkipWhen(Browser.Program is null, "there is no chromium on PATH");

    private static async Task<WidgetHost> HostFrom(TunnelBed bed, CancellationToken cancellationToken)
    {
        var csp = await WidgetServer.ReadPolicyAsync(bed.Http, bed.Url, cancellationToken);
        return await WidgetHost.StartAsync(await PageFrom(bed, cancellationToken), HostPolicy.From(csp), cancellationToken);
    }

    private static Task<string> PageFrom(TunnelBed bed, CancellationToken cancellationToken) =>
        bed.Http.GetStringAsync(new Uri(bed.Url, "/"), cancellationToken);

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
