using Tunnel.Connector.Configuration;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Configuration;

public sealed class ConfigurationFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Home => _folder.PathOf("home");

    public ConfigurationFoldersTests()
    {
        Directory.CreateDirectory(_folder.PathOf("home", "code", "app", "src"));
    }

    [Fact]
    public void NothingThere_IsNothing()
    {
        Assert.Empty(At("home", "code").FindFiles(chosen: null));
    }

    [Fact]
    public void NearestFileUpwards_IsTheProjects()
    {
        Write("home", "mcpr.toml");
        var near = Write("home", "code", "app", "mcpr.toml");

        Assert.Equal([new ConfigurationFile(near, SettingSource.ProjectFile)], At("home", "code", "app", "src").FindFiles(chosen: null));
    }

    [Fact]
    public void RootOfTheCheckout_IsTheLastPlace()
    {
        Write("home", "code", "mcpr.toml");
        Directory.CreateDirectory(_folder.PathOf("home", "code", "app", ".git"));

        Assert.Empty(At("home", "code", "app", "src").FindFiles(chosen: null));
    }

    [Fact]
    public void WorktreeWhoseGitIsAFile_IsACheckoutToo()
    {
        Write("home", "code", "mcpr.toml");
        Write("home", "code", "app", ".git");

        Assert.Empty(At("home", "code", "app", "src").FindFiles(chosen: null));
    }

    [Fact]
    public void FileInTheRootOfTheCheckout_IsFound()
    {
        var path = Write("home", "code", "app", "mcpr.toml");
        Directory.CreateDirectory(_folder.PathOf("home", "code", "app", ".git"));

        Assert.Equal(path, Assert.Single(At("home", "code", "app", "src").FindFiles(chosen: null)).Path);
    }

    [Fact]
    public void Home_IsTheLastPlace()
    {
        Write("mcpr.toml");

        Assert.Empty(At("home", "code").FindFiles(chosen: null));
    }

    [Fact]
    public void AllFiles_ComeFromWeakToStrong()
    {
        var system = Write("etc", "config.toml");
        var user = Write("user", "config.toml");
        var project = Write("home", "code", "mcpr.toml");

        Assert.Equal(
            [
                new ConfigurationFile(system, SettingSource.SystemFile),
                new ConfigurationFile(user, SettingSource.UserFile),
                new ConfigurationFile(project, SettingSource.ProjectFile),
            ],
            At("home", "code").FindFiles(chosen: null)
        );
    }

    [Fact]
    public void ChosenFile_StandsInForTheProjects()
    {
        Write("home", "code", "mcpr.toml");
        var chosen = Write("home", "code", "other.toml");

        Assert.Equal(chosen, Assert.Single(At("home", "code").FindFiles("other.toml")).Path);
    }

    public void Dispose() => _folder.Dispose();

    private ConfigurationFolders At(params ReadOnlySpan<string> working) =>
        new(_folder.PathOf(working), Home, _folder.PathOf("user"), _folder.PathOf("etc"));

    private string Write(params ReadOnlySpan<string> parts)
    {
        var path = _folder.PathOf(parts);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Empty);
        return path;
    }
}
