using Microsoft.Playwright;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Dashboard;

/// <summary>The pages in a real browser, over what real calls have left in the history.</summary>
[Trait("needs", "node")]
[Trait("needs", "chromium")]
public sealed class PagesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task EveryPage_ShowsWhatWasCalled_WithoutAnErrorOrAViolation()
    {
        await using var bed = await StartWithTrafficAsync();
        var page = bed.Browser.Page;

        await bed.OpenAsync(string.Empty);
        await page.GetByRole(AriaRole.Cell, new() { Name = "test_simple_text" }).First.WaitForAsync();
        await bed.OpenAsync("tools");
        await page.GetByRole(AriaRole.Cell, new() { Name = "test_error_handling" }).WaitForAsync();
        await bed.OpenAsync("requests");
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "test_simple_text" }).First.WaitForAsync();
        await bed.OpenAsync("sessions");
        await page.GetByRole(AriaRole.Cell, new() { Name = "Inspector" }).WaitForAsync();
        await bed.OpenAsync("errors");
        await page.GetByText("Tool no_such_tool not found").WaitForAsync();
        await bed.OpenAsync("slow");
        await page.GetByText("No slow calls").WaitForAsync();
        await bed.OpenAsync("clients");
        await page.GetByText("1.2.3").WaitForAsync();
        await bed.OpenAsync("policies");
        await page.GetByText("No policy has stopped anything").WaitForAsync();

        Assert.Empty(bed.Browser.Violations);
        Assert.Empty(bed.Browser.Console);
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task Request_IsReachedByTheKeyboard_AndIsInTheUrl()
    {
        await using var bed = await StartWithTrafficAsync();
        var page = bed.Browser.Page;
        var detail = page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });

        await bed.OpenAsync("requests?status=failed");
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "no_such_tool" }).WaitForAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await detail.GetByText("Where the time went").WaitForAsync();
        var opened = page.Url;
        await page.Keyboard.PressAsync("Escape");
        await detail.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GoBackAsync();
        await detail.WaitForAsync();

        Assert.Equal(opened, page.Url);
        Assert.Contains("open=", opened, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task Call_ShowsUpWhileThePageIsLookedAt()
    {
        await using var bed = await StartWithTrafficAsync();
        var page = bed.Browser.Page;
        await bed.OpenAsync("requests?type=tool_call");
        await page.GetByText("● live").WaitForAsync();

        await bed.CallAsync("tools/call", """{"name":"show_board","arguments":{}}""", Cancellation);

        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "show_board" }).WaitForAsync();
    }

    [Theory(Timeout = TestLimits.LongMilliseconds)]
    [InlineData(390)]
    [InlineData(1024)]
    public async Task Page_IsNoWiderThanTheScreen(int width)
    {
        await using var bed = await StartWithTrafficAsync();
        var page = bed.Browser.Page;
        await page.SetViewportSizeAsync(width, 800);

        foreach (var name in new[] { "", "tools", "requests", "sessions", "errors", "slow", "clients", "versions", "policies", "studio" })
        {
            await bed.OpenAsync(name);
            await page.GetByRole(AriaRole.Main).WaitForAsync();
            await page.GetByText("Loading").WaitForAsync(new() { State = WaitForSelectorState.Detached });

            Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        }
    }

    private static async Task<DashboardBed> StartWithTrafficAsync()
    {
        var bed = await DashboardBed.StartAsync(Cancellation);
        await bed.ConnectAsync("mcp-inspector", Cancellation);
        await bed.CallAsync("tools/list", "{}", Cancellation);
        await bed.CallAsync("tools/call", """{"name":"test_simple_text","arguments":{}}""", Cancellation);
        await bed.CallAsync("tools/call", """{"name":"test_error_handling","arguments":{}}""", Cancellation);
        await bed.CallAsync("tools/call", """{"name":"no_such_tool","arguments":{}}""", Cancellation);
        return bed;
    }
}
