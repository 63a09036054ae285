using Tunnel.Connector.Identity;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Identity;

public sealed class ProjectTests : IDisposable
{
    private static readonly Uri s_upstream = new("http://localhost:9000/mcp");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void FolderWithoutMarks_IsTheProjectItself()
    {
        Assert.Equal($"{_folder.FullName}\nhttp://localhost:9000/mcp", Project.Describe(_folder.FullName, s_upstream));
    }

    [Theory]
    [InlineData(".git")]
    [InlineData("mcpr.toml")]
    public void FolderBelowAMark_BelongsToTheProjectAbove(string mark)
    {
        var below = Directory.CreateDirectory(_folder.PathOf("a", "b")).FullName;
        File.WriteAllText(_folder.PathOf(mark), string.Empty);

        Assert.Equal(Project.Describe(_folder.FullName, s_upstream), Project.Describe(below, s_upstream));
    }

    [Fact]
    public void NearestMark_Counts()
    {
        var inner = Directory.CreateDirectory(_folder.PathOf("a")).FullName;
        Directory.CreateDirectory(_folder.PathOf(".git"));
        Directory.CreateDirectory(Path.Combine(inner, ".git"));

        Assert.NotEqual(Project.Describe(_folder.FullName, s_upstream), Project.Describe(inner, s_upstream), StringComparer.Ordinal);
    }

    [Fact]
    public void AnotherServer_IsAnotherProject()
    {
        var other = new Uri("http://localhost:9001/mcp");

        Assert.NotEqual(Project.Describe(_folder.FullName, s_upstream), Project.Describe(_folder.FullName, other), StringComparer.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
