using Tunnel.Connector.Identity;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Identity;

public sealed class SavedTokensTests : IDisposable
{
    private static readonly Uri s_relay = new("https://tunnel.example.com");
    private static readonly Uri s_other = new("https://tunnel.example.com:8443");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void SavedToken_IsTheOneOfItsRelay()
    {
        Open().Save(s_relay, "one");
        Open().Save(s_other, "two");
        Open().Save(new Uri("HTTPS://Tunnel.Example.com/"), "three");

        Assert.Equal("three", Open().Find(s_relay));
        Assert.Equal("two", Open().Find(s_other));
        Assert.Null(Open().Find(new Uri("http://tunnel.example.com")));
    }

    [Fact]
    public void RemovedToken_IsGoneAndTheOthersStay()
    {
        Open().Save(s_relay, "one");
        Open().Save(s_other, "two");

        Assert.True(Open().Remove(s_relay));
        Assert.False(Open().Remove(s_relay));

        Assert.Null(Open().Find(s_relay));
        Assert.Equal("two", Open().Find(s_other));
    }

    [Fact]
    public void File_IsForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are a Unix matter");
            return;
        }

        Open().Save(s_relay, "one");
        var path = _folder.PathOf("mcpr", "credentials");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains(
            "can be read by others",
            Assert.Throws<IdentityException>(() => Open().Find(s_relay)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<IdentityException>(() => Open().Save(s_relay, "two"));
        Assert.Single(Directory.GetFiles(_folder.PathOf("mcpr")));
    }

    public void Dispose() => _folder.Dispose();

    private SavedTokens Open() => new(_folder.PathOf("mcpr"));
}
