using Microsoft.Playwright;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Dashboard;

/// <summary>Studio with servers that say something before they answer, or without being asked, in revisions with and without sessions.</summary>
[Trait("needs", "node")]
[Trait("needs", "chromium")]
public sealed class StudioQuestionTests
{
    private const string Sessions = "2025-11-25";
    private const string NoSessions = "2026-07-28";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.BrowserMilliseconds)]
    [InlineData(Sessions, "Accept", "action=accept, content={\"response\":\"Oslo\"}")]
    [InlineData(NoSessions, "Accept", "action=accept, content={\"response\":\"Oslo\"}")]
    [InlineData(Sessions, "Decline", "action=decline")]
    [InlineData(NoSessions, "Cancel", "action=cancel")]
    public async Task Elicitation_IsAFormOfItsSchema(string revision, string answer, string result)
    {
        await using var bed = await CallAsync("test_elicitation", revision, ("message", "Which city?"));
        var question = QuestionOf(bed);

        await question.GetByText("Which city?").WaitForAsync();
        await question.GetByLabel("response").FillAsync("Oslo");
        await question.GetByRole(AriaRole.Button, new() { Name = answer }).ClickAsync();

        await bed.Browser.Page.GetByLabel("Result", new() { Exact = true }).GetByText(result).First.WaitForAsync();
        Assert.Equal(0, await question.CountAsync());
        Assert.Empty(bed.Browser.Violations);
        Assert.Empty(bed.Browser.Console);
    }

    [Theory(Timeout = TestLimits.BrowserMilliseconds)]
    [InlineData(Sessions)]
    [InlineData(NoSessions)]
    public async Task Sampling_IsAnsweredInPlaceOfAModel(string revision)
    {
        await using var bed = await CallAsync("test_sampling", revision, ("prompt", "Say anything"));
        var question = QuestionOf(bed);

        await question.GetByText("Say anything").WaitForAsync();
        await question.GetByLabel("Answer in its place").FillAsync("anything");
        await question.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).ClickAsync();

        await bed.Browser.Page.GetByText("LLM response: anything").First.WaitForAsync();
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task Choices_AreChosen_AndGoAsTheSchemaHasThem()
    {
        await using var bed = await CallAsync("test_elicitation_sep1330_enums", Sessions);
        var question = QuestionOf(bed);

        await question.GetByLabel("titledSingle", new() { Exact = true }).SelectOptionAsync("Second Option");
        await question.GetByLabel("Third Choice").CheckAsync();
        await question.GetByLabel("First Choice").CheckAsync();
        await question.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();

        await bed.Browser.Page.GetByText("\"titledSingle\":\"value2\",\"titledMulti\":[\"value1\",\"value3\"]").First.WaitForAsync();
    }

    [Theory(Timeout = TestLimits.BrowserMilliseconds)]
    [InlineData(Sessions)]
    [InlineData(NoSessions)]
    public async Task SeveralQuestionsAtOnce_AndRoots_AreAnswered(string revision)
    {
        await using var bed = await DashboardBed.StartAsync(Cancellation);
        var page = bed.Browser.Page;
        await bed.OpenAsync($"studio?revision={revision}&call=test_input_required_result_multiple_inputs");
        await page.GetByText("Roots", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Roots").FillAsync("file:///a\nfile:///b");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect with these" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = false }).First.ClickAsync();

        await QuestionOf(bed).GetByLabel("name").FillAsync("Ada");
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await page.GetByLabel("Answer in its place").FillAsync("Hello");
        await page.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).ClickAsync();

        await page.GetByText("Hello Ada, with 2 roots").First.WaitForAsync();
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task RoundAfterRound_UntilThereIsAResult()
    {
        await using var bed = await CallAsync("test_input_required_result_multi_round", NoSessions);
        var page = bed.Browser.Page;

        await QuestionOf(bed).GetByLabel("name").FillAsync("Ada");
        await page.Keyboard.PressAsync("Enter");
        await QuestionOf(bed).GetByLabel("color").FillAsync("green");
        await page.Keyboard.PressAsync("Enter");

        await page.GetByText("Ada likes green").First.WaitForAsync();
        await page.GetByText("after 2 rounds of input").WaitForAsync();
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task RefusedSampling_LeavesTheQuestionAsTheResult()
    {
        await using var bed = await CallAsync("test_sampling", NoSessions, ("prompt", "Say anything"));

        await QuestionOf(bed).GetByRole(AriaRole.Button, new() { Name = "Refuse" }).ClickAsync();

        await bed.Browser.Page.GetByText("The server needs input before it can answer, and did not get it.").WaitForAsync();
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task StoppedCall_TakesItsQuestionAlong_AndTheServerHears()
    {
        await using var bed = await CallAsync("test_elicitation", Sessions, ("message", "Which city?"));
        await QuestionOf(bed).WaitForAsync();

        await bed.Browser.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();

        await QuestionOf(bed).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await bed.OpenAsync("requests?method=notifications/cancelled");
        await bed.Browser.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "notifications/cancelled" }).WaitForAsync();
    }

    [Fact(Timeout = TestLimits.BrowserMilliseconds)]
    public async Task ArgumentsThatBelongIntoHeaders_AreThere()
    {
        // The server refuses a call whose headers lack them.
        await using var bed = await CallAsync("test_header_parameters", NoSessions, ("region", "Zürich"));

        await bed.Browser.Page.GetByText("Received: {\"region\":\"Zürich\"").First.WaitForAsync();
    }

    [Theory(Timeout = TestLimits.BrowserMilliseconds)]
    [InlineData(Sessions)]
    [InlineData(NoSessions)]
    public async Task ChangedTools_AreListedAgain(string revision)
    {
        await using var bed = await DashboardBed.StartAsync(Cancellation);
        var page = bed.Browser.Page;
        var listings = page.GetByText("tools/list 200");
        await bed.OpenAsync($"studio?revision={revision}&call=test_trigger_tool_change");
        await page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = false }).First.WaitForAsync();
        Assert.Equal(1, await listings.CountAsync());

        await page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = false }).First.ClickAsync();

        await page.GetByText("notifications/tools/list_changed").First.WaitForAsync();
        await listings.Nth(1).WaitForAsync();
    }

    [Theory(Timeout = TestLimits.BrowserMilliseconds)]
    [InlineData(Sessions, "test_tool_with_logging", "info: Tool execution completed")]
    [InlineData(NoSessions, "test_logging_tool", "info: The request asked for logs")]
    [InlineData(Sessions, "test_reconnection", "The client resumed the stream that was ended early")]
    public async Task WhatIsSaidOnTheWay_IsShown(string revision, string tool, string shown)
    {
        await using var bed = await CallAsync(tool, revision);

        await bed.Browser.Page.GetByText(shown).First.WaitForAsync();
    }

    /// <summary>A tool that was just called.</summary>
    private static async Task<DashboardBed> CallAsync(string tool, string revision, params (string Name, string Value)[] arguments)
    {
        var bed = await DashboardBed.StartAsync(Cancellation);
        var page = bed.Browser.Page;
        await bed.OpenAsync($"studio?revision={revision}&call={tool}");
        foreach (var (name, value) in arguments)
        {
            await page.Locator($"#argument-{name}").FillAsync(value);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = false }).First.ClickAsync();
        return bed;
    }

    private static ILocator QuestionOf(DashboardBed bed) => bed.Browser.Page.GetByLabel("Question of the server");
}
