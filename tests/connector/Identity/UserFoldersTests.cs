using Tunnel.Connector.Identity;
using Xunit;

namespace Tunnel.Connector.Tests.Identity;

public sealed class UserFoldersTests : IDisposable
{
    private const string Variable = "XDG_CONFIG_HOME";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    [Fact]
    public void ConfigurationHome_IsRespected()
    {
        var home = Path.Combine(Path.GetTempPath(), "config-home");
        Environment.SetEnvironmentVariable(Variable, home);

        Assert.Equal(Path.Combine(home, "mcpr"), UserFolders.Configuration());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative/folder")]
    public void ConfigurationHomeThatIsNoRootedPath_IsIgnored(string? home)
    {
        Environment.SetEnvironmentVariable(Variable, home);

        var folder = UserFolders.Configuration();

        Assert.Equal("mcpr", Path.GetFileName(folder));
        Assert.StartsWith(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder, StringComparison.Ordinal);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, _before);
}
