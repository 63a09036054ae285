using System.CommandLine;
using Tunnel.Bench.Run;

namespace Tunnel.Bench.Tests;

public sealed class BenchCommandTests
{
    [Theory]
    [InlineData("--only", "tunnel(")]
    [InlineData("--paths", "[a")]
    public async Task PatternThatIsNone_IsToldAndNothingRuns(string option, string pattern)
    {
        using var said = new StringWriter();

        var exitCode = await BenchCommand.RunAsync([option, pattern], new InvocationConfiguration { Error = said, Output = said });

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"{option}: Invalid pattern '{pattern}'", said.ToString(), StringComparison.Ordinal);
    }
}
