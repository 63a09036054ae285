using Tunnel.Connector.Identity;
using Tunnel.Connector.Remote;
using Tunnel.ProxyCore.Files;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Remote;

public sealed class RemoteHeadersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("X-Team: blue", "X-Team", "blue")]
    [InlineData("X-Time:12:30", "X-Time", "12:30")]
    [InlineData("Authorization: Bearer ${TOKEN}", "Authorization", "Bearer t-1")]
    [InlineData("X-Both: ${TOKEN}/${OTHER}", "X-Both", "t-1/o-2")]
    public void Argument_IsAHeaderWithVariables(string text, string name, string value)
    {
        var header = Assert.Single(RemoteHeaders.Read([text], file: null, Variable));

        Assert.Equal((name, value), (header.Key, header.Value));
    }

    [Theory]
    [InlineData("Authorization: Bearer secret-1")]
    [InlineData("X-Api-Key: secret-1")]
    [InlineData("Cookie: secret-1")]
    [InlineData("X-Passwd: secret-1")]
    [InlineData("X-Team: ${NOT_SET}")]
    [InlineData("X Team: secret-1")]
    [InlineData("X-Team: ${BREAK}")]
    [InlineData("no colon")]
    public void HeaderThatCannotBeUsed_IsRefusedWithoutItsValue(string text)
    {
        var refused = Assert.Throws<IdentityException>(() => RemoteHeaders.Read([text], file: null, Variable));

        Assert.DoesNotContain("secret-1", refused.Message + refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_AreReadWhileOnlyTheirOwnerCan()
    {
        var headers = _folder.PathOf("headers");
        var token = _folder.PathOf("token");
        PrivateFile.Replace(headers, "# ours\nX-Team: blue\n\nAuthorization: Bearer ${TOKEN}\n");
        PrivateFile.Replace(token, "secret-1\n");

        var read = RemoteHeaders.Read([$"X-Api-Key: @{token}"], headers, Variable);

        Assert.Equal(
            "X-Team: blue, Authorization: Bearer t-1, X-Api-Key: secret-1",
            string.Join(", ", read.Select(one => $"{one.Key}: {one.Value}"))
        );
    }

    [Fact]
    public void FileThatOthersCanRead_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are a Unix matter");
            return;
        }

        var headers = _folder.PathOf("headers");
        File.WriteAllText(headers, "X-Team: blue");
        File.SetUnixFileMode(headers, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Throws<IdentityException>(() => RemoteHeaders.Read([], headers, Variable));
    }

    private static string? Variable(string name) =>
        name switch
        {
            "TOKEN" => "t-1",
            "OTHER" => "o-2",
            "BREAK" => "a\r\nB: c",
            _ => null,
        };
}
