using Tunnel.ProxyCore.Servers.Offers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Servers.Offers;

public sealed class NameRulesTests
{
    [Theory]
    [InlineData("", "", "", "search", "search")]
    [InlineData("read_*", "", "", "read_file", "read_file")]
    [InlineData("read_*", "", "", "write_file", null)]
    [InlineData("", "*_file", "", "write_file", null)]
    [InlineData("read_*", "*_file", "", "read_file", null)]
    [InlineData("", "", "search -> find", "search", "find")]
    [InlineData("", "", "search -> find", "other", "other")]
    [InlineData("", "", "* -> files_*", "search", "files_search")]
    [InlineData("", "", "search -> find; * -> files_*", "search", "find")]
    [InlineData("", "", "a*z -> [*]", "az", "[]")]
    [InlineData("find", "", "search -> find", "search", null)]
    [InlineData("", "", "a -> b; b -> a", "a", "b")]
    public void Name_IsShownAndFoundAgain(string allow, string deny, string rename, string own, string? shown)
    {
        var rules = Rules(allow, deny, rename);

        Assert.Equal(shown, rules.ShownNameOf(own));
        Assert.Equal(shown is null ? null : own, rules.OwnNameOf(shown ?? own));
    }

    [Theory]
    [InlineData("search -> find", "search")]
    [InlineData("* -> files_*", "search")]
    [InlineData("search -> find; * -> files_*", "files_search")]
    public void NameThatNobodySees_IsUnknown(string rename, string asked)
    {
        Assert.Null(Rules("", "", rename).OwnNameOf(asked));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a -> ")]
    [InlineData(" -> b")]
    [InlineData("* -> b")]
    [InlineData("a -> b*")]
    [InlineData("*a* -> *b*")]
    [InlineData("a -> b -> c")]
    public void RenamingThatCannotBeUndone_IsNone(string text)
    {
        Assert.False(Renaming.TryParse(text, out _));
    }

    internal static NameRuleOptions Options(string allow, string deny, string rename) =>
        new()
        {
            Allow = Split(allow),
            Deny = Split(deny),
            Rename =
            [
                .. Split(rename).Select(text => Renaming.TryParse(text, out var renaming) ? renaming : throw new FormatException(text)),
            ],
        };

    private static NameRules Rules(string allow, string deny, string rename) => new(Options(allow, deny, rename));

    private static string[] Split(string text) => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
