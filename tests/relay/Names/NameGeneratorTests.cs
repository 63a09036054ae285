using Tunnel.Relay.Names;
using Xunit;

namespace Tunnel.Relay.Tests.Names;

public sealed class NameGeneratorTests
{
    [Fact]
    public void TenThousandDraws_AreAllValidAndTheirOneSpelling()
    {
        for (var draw = 0; draw < 10_000; draw++)
        {
            var name = NameGenerator.Next(draw % 100);

            Assert.Equal(name, NameRules.Normalize(name));
        }
    }

    [Theory]
    [InlineData(0, "^[a-z]+-[a-z]+$")]
    [InlineData(7, "^[a-z]+-[a-z]+$")]
    [InlineData(8, "^[a-z]+-[a-z]+-[0-9]$")]
    [InlineData(16, "^[a-z]+-[a-z]+-[0-9]{1,2}$")]
    [InlineData(1_000_000, "^[a-z]+-[a-z]+-[0-9]{1,9}$")]
    public void Digits_FollowWithCollisions(int attempt, string pattern)
    {
        for (var draw = 0; draw < 100; draw++)
        {
            Assert.Matches(pattern, NameGenerator.Next(attempt));
        }
    }

    [Fact]
    public void Draws_Differ()
    {
        var names = Enumerable.Range(0, 1000).Select(_ => NameGenerator.Next(0)).Distinct(StringComparer.Ordinal);

        Assert.True(names.Count() > 900);
    }
}
