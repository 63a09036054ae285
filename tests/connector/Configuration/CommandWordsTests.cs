using Tunnel.Connector.Configuration;
using Xunit;

namespace Tunnel.Connector.Tests.Configuration;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("npx -y @scope/server", "npx", "-y", "@scope/server")]
    [InlineData("  node   'my server.js'  ", "node", "my server.js")]
    [InlineData("a \"b \\\" c\" d\\ e", "a", "b \" c", "d e")]
    [InlineData("a '' b", "a", "", "b")]
    [InlineData("a it's'", "a", "its")]
    [InlineData("a '\\n'", "a", "\\n")]
    public void Text_IsSplitAsInAShell(string text, params string[] words)
    {
        Assert.True(CommandWords.TrySplit(text, out var split, out _));
        Assert.Equal(words, split);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("'' a")]
    [InlineData("a 'b")]
    [InlineData("a \"b")]
    public void TextThatIsNoCommand_IsRefused(string text)
    {
        Assert.False(CommandWords.TrySplit(text, out _, out var problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("npx", "-y", "@scope/server")]
    [InlineData("a b", "", "c'd", "e\"f", "g\\h", "ü\ti")]
    public void JoinedWords_AreSplitIntoTheSame(params string[] words)
    {
        Assert.True(CommandWords.TrySplit(CommandWords.Join(words), out var split, out _));
        Assert.Equal(words, split);
    }
}
