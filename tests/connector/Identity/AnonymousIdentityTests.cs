using System.Buffers.Text;
using Tunnel.Connector.Identity;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Identity;

public sealed class AnonymousIdentityTests : IDisposable
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private static readonly Uri s_relay = new("https://tunnel.example.com");

    private readonly TemporaryFolder _home = new();

    private string Folder => _home.PathOf("config", "mcpr");

    private string FilePath => _home.PathOf("config", "mcpr", "identity");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void SecondRun_IsTheSameOne()
    {
        var first = AnonymousIdentity.LoadOrCreate(Folder);
        var second = AnonymousIdentity.LoadOrCreate(Folder);

        Assert.Equal(first.CredentialFor(s_relay), second.CredentialFor(s_relay));
        Assert.Equal(first.FingerprintOf("x"), second.FingerprintOf("x"));
    }

    [Fact]
    public void TwoUsers_AreTwo()
    {
        var one = AnonymousIdentity.LoadOrCreate(Folder);
        var two = AnonymousIdentity.LoadOrCreate(_home.PathOf("other"));

        Assert.NotEqual(one.CredentialFor(s_relay), two.CredentialFor(s_relay), StringComparer.Ordinal);
        Assert.NotEqual(one.FingerprintOf("x"), two.FingerprintOf("x"), StringComparer.Ordinal);
    }

    [Fact]
    public void Credential_IsWhatRelaysTakeForOne()
    {
        Assert.Matches("^mcpra_[A-Za-z0-9_-]{43}$", AnonymousIdentity.LoadOrCreate(Folder).CredentialFor(s_relay));
    }

    [Theory]
    [InlineData("https://other.example.com", false)]
    [InlineData("https://tunnel.example.com:8443", false)]
    [InlineData("https://TUNNEL.example.com/", true)]
    [InlineData("https://tunnel.example.com:443", true)]
    public void Credential_DiffersFromRelayToRelay(string relay, bool isTheSame)
    {
        var identity = AnonymousIdentity.LoadOrCreate(Folder);

        Assert.Equal(isTheSame, identity.CredentialFor(s_relay) == identity.CredentialFor(new Uri(relay)));
    }

    [Fact]
    public void Fingerprint_IsShortAndDiffersFromTextToText()
    {
        var identity = AnonymousIdentity.LoadOrCreate(Folder);

        Assert.Matches("^[A-Za-z0-9_-]{22}$", identity.FingerprintOf("a"));
        Assert.NotEqual(identity.FingerprintOf("a"), identity.FingerprintOf("b"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Secret_IsInNothingThatIsShown()
    {
        var identity = AnonymousIdentity.LoadOrCreate(Folder);
        var secret = (await File.ReadAllTextAsync(FilePath, Token)).Trim();

        Assert.Equal("AnonymousIdentity", identity.ToString());
        Assert.DoesNotContain(secret, identity.CredentialFor(s_relay), StringComparison.Ordinal);
        Assert.Equal(32, Base64Url.DecodeFromChars(secret).Length);
    }

    [Fact]
    public void FileAndFolder_AreForTheirOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are a Unix matter");
            return;
        }

        AnonymousIdentity.LoadOrCreate(Folder);

        Assert.Equal(OwnersFile, File.GetUnixFileMode(FilePath));
        Assert.Equal(OwnersFolder, File.GetUnixFileMode(Folder));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void FileThatOthersCanUse_IsRefused(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are a Unix matter");
            return;
        }

        AnonymousIdentity.LoadOrCreate(Folder);
        File.SetUnixFileMode(FilePath, OwnersFile | mode);

        var refusal = Assert.Throws<IdentityException>(() => AnonymousIdentity.LoadOrCreate(Folder));

        Assert.Contains(FilePath, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 {FilePath}", refusal.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task FileThatIsNoIdentity_IsRefusedAndKept(string content)
    {
        AnonymousIdentity.LoadOrCreate(Folder);
        await File.WriteAllTextAsync(FilePath, content, Token);

        var refusal = Assert.Throws<IdentityException>(() => AnonymousIdentity.LoadOrCreate(Folder));

        Assert.Contains(FilePath, refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Hint);
        Assert.Equal(content, await File.ReadAllTextAsync(FilePath, Token));
    }

    [Fact]
    public async Task ParallelFirstRuns_GetTheSameIdentity()
    {
        var runs = Enumerable.Range(0, 16).Select(_ => Task.Run(() => AnonymousIdentity.LoadOrCreate(Folder), Token));

        var identities = await Task.WhenAll(runs);

        Assert.Single(identities.Select(identity => identity.CredentialFor(s_relay)).Distinct(StringComparer.Ordinal));
        Assert.Equal(FilePath, Assert.Single(Directory.GetFileSystemEntries(Folder)));
    }

    public void Dispose() => _home.Dispose();
}
