using Microsoft.Playwright;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Widgets;

namespace Tunnel.EndToEnd.Tests.Team;

/// <summary>Members of a project at the relay's dashboard, in a real browser.</summary>
[Trait("needs", "chromium")]
public sealed class TeamDashboardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task Member_SignsInAndSeesBothServersOfItsProjectAndNoneOfAnother()
    {
        Assert.SkipWhen(Browser.Program is null, "there is no chromium on PATH");
        await using var team = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        var alice = await team.AddMemberAsync("acme", "alice", "viewer");

        await page.GotoAsync(new Uri(team.Dashboard, "/requests?since=6h").AbsoluteUri);
        await page.GetByLabel("Token").FillAsync(alice);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "sell" }).Filter(new() { HasText = "shop" }).WaitForAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "write" }).Filter(new() { HasText = "desk" }).WaitForAsync();
        Assert.EndsWith("/requests?since=6h", page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await page.GetByText("feed_lions").CountAsync());
        Assert.Equal(0, await page.GetByRole(AriaRole.Link, new() { Name = "Studio" }).CountAsync());
        Assert.Empty(browser.Violations);
        Assert.Empty(await page.EvaluateAsync<string>("document.cookie"));
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task OneServer_IsChosenAmongThoseOfTheProject()
    {
        Assert.SkipWhen(Browser.Program is null, "there is no chromium on PATH");
        await using var team = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await SignInAsync(page, team, await team.AddMemberAsync("acme", "alice", "viewer"), "/tools");
        await page.GetByRole(AriaRole.Cell, new() { Name = "write" }).WaitForAsync();

        await page.GetByText("all servers").ClickAsync();
        await page.GetByLabel("shop").CheckAsync();

        await page.GetByRole(AriaRole.Cell, new() { Name = "write" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GetByRole(AriaRole.Cell, new() { Name = "sell" }).WaitForAsync();
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task CallThatIsSent_ShowsUpWhileThePageIsLookedAt()
    {
        Assert.SkipWhen(Browser.Program is null, "there is no chromium on PATH");
        await using var team = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await SignInAsync(page, team, await team.AddMemberAsync("acme", "alice", "viewer"), "/requests");
        await page.GetByText("● live").WaitForAsync();

        await team.SendAsync(await team.AddMemberAsync("acme", "third", "sender"), "third", "just_now", Cancellation);

        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "just_now" }).WaitForAsync();
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task MemberThatIsRemoved_IsBackAtTheForm_AsIsOneThatSignsOut()
    {
        Assert.SkipWhen(Browser.Program is null, "there is no chromium on PATH");
        await using var team = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await SignInAsync(page, team, await team.AddMemberAsync("acme", "alice", "viewer"), "/tools");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("Token").WaitForAsync();

        await SignInAsync(page, team, await team.AddMemberAsync("acme", "bob", "viewer"), "/tools");
        await page.GetByRole(AriaRole.Cell, new() { Name = "write" }).WaitForAsync();
        await team.CommandAsync("members", "remove", "--project", "acme", "--name", "bob");
        await page.GetByRole(AriaRole.Link, new() { Name = "Errors" }).ClickAsync();

        await page.GetByLabel("Token").WaitForAsync();
    }

    [Theory(Timeout = TestLimits.BrowserMilliseconds)]
    [InlineData(390)]
    [InlineData(1024)]
    public async Task Page_IsNoWiderThanTheScreen(int width)
    {
        Assert.SkipWhen(Browser.Program is null, "there is no chromium on PATH");
        await using var team = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await page.SetViewportSizeAsync(width, 800);
        await SignInAsync(page, team, await team.AddMemberAsync("acme", "alice", "viewer"), "/");

        foreach (var path in new[] { "/login", "/requests", "/tools" })
        {
            await page.GotoAsync(new Uri(team.Dashboard, path).AbsoluteUri);
            await page.GetByRole(AriaRole.Main).WaitForAsync();
            await page.GetByText("Loading").WaitForAsync(new() { State = WaitForSelectorState.Detached });

            Assert.Equal(0, await page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        }
    }

    /// <summary>Two servers of one project, and one of another.</summary>
    private static async Task<TeamRelay> StartAsync()
    {
        var team = await TeamRelay.StartAsync(Cancellation);
        await team.CommandAsync("projects", "create", "acme");
        await team.CommandAsync("projects", "create", "zoo");
        await team.SendAsync(await team.AddMemberAsync("acme", "shop", "sender"), "shop", "sell", Cancellation);
        await team.SendAsync(await team.AddMemberAsync("acme", "desk", "sender"), "desk", "write", Cancellation);
        await team.SendAsync(await team.AddMemberAsync("zoo", "cages", "sender"), "cages", "feed_lions", Cancellation);
        return team;
    }

    private static async Task SignInAsync(IPage page, TeamRelay team, string token, string path)
    {
        await page.GotoAsync(new Uri(team.Dashboard, "/login?next=" + Uri.EscapeDataString(path)).AbsoluteUri);
        await page.GetByLabel("Token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation).WaitForAsync();
    }
}
