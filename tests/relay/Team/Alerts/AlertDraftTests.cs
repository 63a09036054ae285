using Tunnel.Relay.Team.Alerts;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Alerts;

public sealed class AlertDraftTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly AlertDraft s_sound = new()
    {
        Tool = "search",
        Metric = "error_rate",
        Over = 0.05,
        WindowS = 300,
        Webhook = "https://hooks.example.com/T1/secret",
    };

    [Fact]
    public void SoundDraft_BecomesARuleWithASecretOfItsOwn()
    {
        Assert.Empty(s_sound.Make(s_now, isPrivateAllowed: false, out var rule));
        Assert.Empty(s_sound.Make(s_now, isPrivateAllowed: false, out var other));

        Assert.Equal(("search", null, AlertMetric.ErrorRate, 0.05), (rule!.Tool, rule.Server, rule.Metric, rule.Over));
        Assert.Equal((TimeSpan.FromMinutes(5), AlertDraft.DefaultMinCalls, s_now), (rule.Window, rule.MinCalls, rule.CreatedAt));
        Assert.Equal("https://hooks.example.com/T1/secret", rule.Webhook.Url.AbsoluteUri);
        Assert.NotEqual(rule.Id, other!.Id, StringComparer.Ordinal);
        Assert.NotEqual(rule.Webhook.Secret.Reveal(), other.Webhook.Secret.Reveal(), StringComparer.Ordinal);
    }

    [Fact]
    public void Rule_NeverShowsItsSecrets()
    {
        s_sound.Make(s_now, isPrivateAllowed: false, out var rule);

        Assert.DoesNotContain("secret", rule!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(rule.Webhook.Secret.Reveal(), rule.ToString(), StringComparison.Ordinal);
        Assert.Equal("https://hooks.example.com", rule.Webhook.ToString());
    }

    [Fact]
    public void Draft_IsToldAllThatIsWrong()
    {
        var problems = new AlertDraft { Tool = new string('x', 257), MinCalls = 0 }.Make(s_now, isPrivateAllowed: false, out var rule);

        Assert.Null(rule);
        Assert.Equal(
            ["tool", "metric", "window", "min_calls", "webhook"],
            problems.Select(problem => problem.Field),
            StringComparer.Ordinal
        );
    }

    [Theory]
    [InlineData("error_rate", 0.0, true)]
    [InlineData("error_rate", 0.999, true)]
    [InlineData("error_rate", 1.0, false)]
    [InlineData("error_rate", -0.1, false)]
    [InlineData("error_rate", double.NaN, false)]
    [InlineData("p95", 1.0, true)]
    [InlineData("p95", 3_600_000.0, true)]
    [InlineData("p95", 0.5, false)]
    [InlineData("p95", double.PositiveInfinity, false)]
    [InlineData("p99", 1.0, false)]
    public void Threshold_FitsItsMetric(string metric, double over, bool isSound) =>
        Assert.Equal(isSound, IsSound(s_sound with { Metric = metric, Over = over }));

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    [InlineData(double.NaN, false)]
    public void Window_IsOneMinuteToADay(double seconds, bool isSound) =>
        Assert.Equal(isSound, IsSound(s_sound with { WindowS = seconds }));

    [Theory]
    [InlineData("https://hooks.example.com/a?b=c", true, true)]
    [InlineData("http://hooks.example.com/a", false, true)]
    [InlineData("https://127.0.0.1/a", false, true)]
    [InlineData("https://[::1]/a", false, true)]
    [InlineData("https://0x7f.1/a", false, true)]
    [InlineData("https://user:pass@hooks.example.com/", false, false)]
    [InlineData("https://hooks.example.com/#a", false, false)]
    [InlineData("ftp://hooks.example.com/", false, false)]
    [InlineData("hooks.example.com", false, false)]
    [InlineData("", false, false)]
    public void Receiver_IsOnTheInternetUnlessOthersAreAllowed(string url, bool isSound, bool isSoundWherePrivateIs)
    {
        var draft = s_sound with { Webhook = url };

        Assert.Equal(isSound, IsSound(draft));
        Assert.Equal(isSoundWherePrivateIs, draft.Make(s_now, isPrivateAllowed: true, out _).Count == 0);
    }

    [Theory]
    [InlineData(60, 15)]
    [InlineData(3600, 60)]
    [InlineData(86_400, 300)]
    public void LongerWindows_AreLookedAtLessOften(int windowSeconds, int seconds)
    {
        (s_sound with { WindowS = windowSeconds }).Make(s_now, isPrivateAllowed: false, out var rule);

        Assert.Equal(TimeSpan.FromSeconds(seconds), rule!.LookEvery);
    }

    private static bool IsSound(AlertDraft draft) => draft.Make(s_now, isPrivateAllowed: false, out _).Count == 0;
}
