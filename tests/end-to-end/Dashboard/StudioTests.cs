using Microsoft.Playwright;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Dashboard;

/// <summary>Studio in a real browser: calls that go through the proxy, and a widget in its sandbox.</summary>
[Trait("needs", "node")]
[Trait("needs", "chromium")]
public sealed class StudioTests
{
    private const string Widget = "studio?call=show_panel";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task Tool_IsCalledFromItsForm_AndTheCallIsInTheHistory()
    {
        await using var bed = await DashboardBed.StartAsync(Cancellation);
        var page = bed.Browser.Page;

        await bed.OpenAsync("studio");
        await page.GetByRole(AriaRole.Button, new() { Name = "json_schema_2020_12_tool" }).ClickAsync();
        await page.GetByLabel("name", new() { Exact = true }).FillAsync("Ada");
        await page.GetByLabel("email", new() { Exact = true }).FillAsync("ada@example.com");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.GetByText("Received: {\"name\":\"Ada\",\"email\":\"ada@example.com\"}").First.WaitForAsync();
        await bed.OpenAsync("requests?tool=json_schema_2020_12_tool");

        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "mcpr Studio" }).WaitForAsync();
        Assert.Empty(bed.Browser.Violations);
        Assert.Empty(bed.Browser.Console);
    }

    [Theory(Timeout = TestLimits.LongMilliseconds)]
    [InlineData("test_image_content", "img.media")]
    [InlineData("test_error_handling", "text=tool error")]
    [InlineData("test_embedded_resource", "text=test://")]
    [InlineData("test_tool_with_progress", "text=notifications/progress")]
    public async Task Result_IsShownAsWhatItIs(string tool, string shown)
    {
        await using var bed = await DashboardBed.StartAsync(Cancellation);

        await bed.OpenAsync($"studio?call={tool}");
        await CallAsync(bed);

        await bed.Browser.Page.Locator(shown).First.WaitForAsync();
        Assert.Empty(bed.Browser.Violations);
    }

    [Theory(Timeout = TestLimits.BrowserMilliseconds)]
    [InlineData("chatgpt", "ChatGPT", "openai dark")]
    [InlineData("claude", "Claude", "no openai")]
    public async Task Widget_FindsWhatItsHostHas_AndCallsToolsThroughIt(string host, string name, string openAi)
    {
        await using var bed = await DashboardBed.StartAsync(Cancellation);
        var widget = WidgetOf(bed);

        await bed.OpenAsync($"{Widget}&host={host}&theme=light");
        await widget.GetByText(name, new() { Exact = true }).WaitForAsync();
        await CallAsync(bed);
        await widget.GetByText("panel", new() { Exact = true }).WaitForAsync();
        await bed.Browser.Page.GetByLabel("Theme").SelectOptionAsync("dark");
        await widget.Locator("#theme").GetByText("dark").WaitForAsync();
        await widget.GetByText(openAi).WaitForAsync();
        await widget.GetByRole(AriaRole.Button).ClickAsync();

        await widget.GetByText("called plain").WaitForAsync();
    }

    [Theory(Timeout = TestLimits.BrowserMilliseconds)]
    [InlineData("chatgpt")]
    [InlineData("claude")]
    public async Task WhatAPolicyStops_IsListed_AndGoneOnceTheLineWasPasted(string host)
    {
        await using var bed = await DashboardBed.StartAsync(Cancellation);
        var page = bed.Browser.Page;
        await bed.OpenAsync($"{Widget}&host={host}");
        var fix = page.Locator(".violation code");
        var line = await fix.InnerTextAsync();
        Assert.Equal("csp.connect_domains = [\"https://panel.example.com\"]", line);

        await bed.ConfigureAsync(line, Cancellation);
        await page.GetByRole(AriaRole.Button, new() { Name = "show the widget again" }).ClickAsync();

        // The frame before it goes away only when this one comes.
        await page.GetByText("widget initialized").Nth(1).WaitForAsync();
        await page.GetByText("has stopped nothing").WaitForAsync();
        await WidgetOf(bed).Locator("#theme").GetByText("light").WaitForAsync();
        Assert.Equal(0, await fix.CountAsync());
        await bed.OpenAsync("policies");
        await page.GetByText("https://panel.example.com").First.WaitForAsync();
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task Widget_HasNothingOfTheDashboard()
    {
        await using var bed = await DashboardBed.StartAsync(Cancellation);
        await bed.OpenAsync($"{Widget}&host=chatgpt");
        var widget = WidgetOf(bed).Locator("body");
        await WidgetOf(bed).GetByText("ChatGPT", new() { Exact = true }).WaitForAsync();

        Assert.Matches($"^http://widgets-[0-9a-z]+[.]localhost:{bed.Dashboard.Port}$", await widget.EvaluateAsync<string>("() => origin"));
        Assert.Equal(string.Empty, await widget.EvaluateAsync<string>("() => document.cookie"));
        Assert.Equal(404, await widget.EvaluateAsync<int>("() => fetch(origin + '/api/v1/status').then(answer => answer.status)"));
        Assert.True(await widget.EvaluateAsync<bool>("() => { try { return !top.document; } catch { return true; } }"));
    }

    private static Task CallAsync(DashboardBed bed) =>
        bed.Browser.Page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = false }).First.ClickAsync();

    private static IFrameLocator WidgetOf(DashboardBed bed) => bed.Browser.Page.FrameLocator("iframe").FrameLocator("iframe");
}
