using Tunnel.ProxyCore.Exchanges;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Exchanges;

public sealed class ErrorPatternTests
{
    [Theory]
    [InlineData("Invalid params: 'q' is required", "Invalid params: <text> is required")]
    [InlineData("unknown city \"Oslo\" (request 4711)", "unknown city <text> (request <n>)")]
    [InlineData("can't find the user's file `a b`", "can't find the user's file <text>")]
    [InlineData("no session 0a1b2c3d-0000-4000-8000-0123456789ab", "no session <id>")]
    [InlineData("key sk_live_51Habc is wrong", "key <id> is wrong")]
    [InlineData("GET https://api.example.com/a?key=b failed", "GET <url> failed")]
    [InlineData("ada@example.com is unknown", "<mail> is unknown")]
    [InlineData("ENOENT: open /home/ada/plans.txt", "ENOENT: open <path>")]
    [InlineData("took 1,204.5 ms,\n  limit -3", "took <n> ms, limit <n>")]
    [InlineData("bad value \"cut off in the midd", "bad value <text>")]
    [InlineData("Method not found", "Method not found")]
    public void Values_AreTakenOut(string message, string pattern) => Assert.Equal(pattern, ErrorPattern.Of(message));

    [Fact]
    public void LongAndEmptyMessages_AreBounded()
    {
        var words = string.Concat(Enumerable.Repeat("word ", 10_000));

        Assert.Equal(201, ErrorPattern.Of(words)!.Length);
        Assert.Null(ErrorPattern.Of(" "));
        Assert.Null(ErrorPattern.Of(null));
        Assert.NotNull(ErrorPattern.Of(new string('a', 100_000)));
    }
}
