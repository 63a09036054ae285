using Tunnel.Relay.Configuration;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Configuration;

public sealed class ClusterSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void WholeCluster_HasNoProblems()
    {
        var options = Resolve(
            out var problems,
            ("--redis", "redis://10.0.0.5:6379/2"),
            ("--cluster-listen", "http://10.0.0.7:5101"),
            ("--cluster-key-file", FileWith("0123456789abcdef\n"))
        );

        Assert.Empty(problems);
        Assert.Equal("http://10.0.0.7:5101/", options.NodeAddress?.AbsoluteUri);
        Assert.Equal(16, options.ClusterSecret.Length);
    }

    [Theory]
    [InlineData("redis://10.0.0.5", true)]
    [InlineData("rediss://redis.internal:6380/0", true)]
    [InlineData("redis://10.0.0.5:6379/names", false)]
    [InlineData("redis://:secret@10.0.0.5:6379/0", false)]
    [InlineData("redis://10.0.0.5:6379/0?password=secret", false)]
    [InlineData("http://10.0.0.5:6379", false)]
    [InlineData("10.0.0.5:6379", false)]
    public void Redis_IsAUrlWithoutAPassword(string url, bool isValid)
    {
        Resolve(out var problems, ("--redis", url));

        Assert.Equal(isValid, problems.Count == 0);
        Assert.DoesNotContain(problems, problem => problem.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void HalfACluster_IsRefusedWithEverythingThatIsMissing()
    {
        Resolve(out var problems, ("--cluster-listen", "http://0.0.0.0:5101"));

        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.StartsWith("--cluster-listen", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("--cluster-key-file", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("--node-address", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--redis-password-file")]
    [InlineData("--cluster-key-file")]
    public void SecretOfNothing_IsRefused(string flag)
    {
        Resolve(out var problems, (flag, FileWith("0123456789abcdef")));

        Assert.Single(problems);
    }

    public void Dispose() => _folder.Dispose();

    private static RelayOptions Resolve(out IReadOnlyList<string> problems, params (string Flag, string Value)[] flags)
    {
        var configuration = RelayConfiguration.Resolve(
            setting => flags.Where(flag => flag.Flag == setting.Flag).Select(flag => flag.Value).SingleOrDefault(),
            _ => null
        );
        problems = [.. configuration.Problems.Select(problem => problem.ToString())];
        return configuration.Options;
    }

    private string FileWith(string content)
    {
        var path = _folder.PathOf("secret");
        File.WriteAllText(path, content);
        return path;
    }
}
