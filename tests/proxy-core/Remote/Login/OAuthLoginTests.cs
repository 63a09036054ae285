using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Remote;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Remote.Login;

public sealed class OAuthLoginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Login_GoesThroughDiscoveryRegistrationAndPkce()
    {
        await using var bed = await LoginBed.StartAsync();
        using var login = bed.NewLogin();

        Assert.Null(await login.GetTokenAsync(Cancellation));
        Assert.True(await login.RenewAsync(["Bearer scope=\"read\""], refused: null, Cancellation));

        Assert.Equal("token-1", await login.GetTokenAsync(Cancellation));
        var query = Assert.Single(bed.Window.Pages).Query.TrimStart('?');
        var fields = Assert.Single(bed.Redeemed);
        Assert.Equal("S256", Parameter("code_challenge_method"));
        Assert.Equal(
            Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(fields["code_verifier"]))),
            Parameter("code_challenge")
        );
        Assert.Equal(bed.Url.AbsoluteUri, Parameter("resource"));
        Assert.Equal("read", Parameter("scope"));
        Assert.Equal("registered", Parameter("client_id"));
        Assert.Equal((bed.Url.AbsoluteUri, "the-code"), (fields["resource"], fields["code"]));

        string Parameter(string name) => Assert.Single(QueryParameters.Find(query, name));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task KeptLogin_IsUsedByTheNextProcessAndForItsOwnerOnly()
    {
        await using var bed = await LoginBed.StartAsync();
        using (var first = bed.NewLogin())
        {
            await first.RenewAsync([], refused: null, Cancellation);
        }

        using var second = bed.NewLogin();

        Assert.Equal("token-1", await second.GetTokenAsync(Cancellation));
        Assert.Single(bed.Window.Pages);
        var file = Assert.Single(Directory.GetFiles(bed.Folder, "*.json"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Throws<RemoteLoginException>(() => bed.NewLogin());
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TokenThatEnds_IsRefreshedBeforeItIsShown()
    {
        await using var bed = await LoginBed.StartAsync();
        using var login = bed.NewLogin();
        await login.RenewAsync([], refused: null, Cancellation);

        bed.Time.Advance(TimeSpan.FromMinutes(59.6));

        Assert.Equal("token-2", await login.GetTokenAsync(Cancellation));
        Assert.Equal("refresh-1", bed.Redeemed.Last()["refresh_token"]);
        Assert.Single(bed.Window.Pages);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TokenThatIsRefused_IsRefreshedByOneOfThoseWhoAsk()
    {
        await using var bed = await LoginBed.StartAsync();
        using var login = bed.NewLogin(time: TimeProvider.System);
        using var other = bed.NewLogin(time: TimeProvider.System);
        await login.RenewAsync([], refused: null, Cancellation);
        await other.RenewAsync([], refused: null, Cancellation);

        await Task.WhenAll(
            login.RenewAsync([], "token-1", Cancellation),
            login.RenewAsync([], "token-1", Cancellation),
            other.RenewAsync([], "token-1", Cancellation)
        );

        Assert.Equal("token-2", await login.GetTokenAsync(Cancellation));
        Assert.Equal("token-2", await other.GetTokenAsync(Cancellation));
        Assert.Equal(2, bed.Redeemed.Count);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RefreshThatIsRefused_NeedsAPersonAgainButNotWithoutEnd()
    {
        await using var bed = await LoginBed.StartAsync();
        using var login = bed.NewLogin();
        await login.RenewAsync([], refused: null, Cancellation);
        bed.RefusesRefresh = true;

        await Assert.ThrowsAsync<RemoteLoginException>(() => login.RenewAsync([], "token-1", Cancellation));
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await login.RenewAsync([], "token-1", Cancellation));

        Assert.Equal(2, bed.Window.Pages.Count);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(
        "/.well-known/oauth-protected-resource/mcp",
        """{"resource":"https://other.example/mcp","authorization_servers":["ORIGIN/"]}"""
    )]
    [InlineData("/.well-known/oauth-protected-resource/mcp", """{"resource":"ORIGIN/other","authorization_servers":["ORIGIN/"]}""")]
    [InlineData(
        "/.well-known/oauth-authorization-server",
        """{"issuer":"ORIGIN","authorization_endpoint":"ORIGIN/a","token_endpoint":"ORIGIN/t","code_challenge_methods_supported":["S256"]}"""
    )]
    [InlineData(
        "/.well-known/oauth-authorization-server",
        """{"issuer":"ORIGIN/","authorization_endpoint":"ORIGIN/a","token_endpoint":"ORIGIN/t"}"""
    )]
    [InlineData(
        "/.well-known/oauth-authorization-server",
        """{"issuer":"ORIGIN/","authorization_endpoint":"ORIGIN/a","token_endpoint":"http://other.example/t","code_challenge_methods_supported":["S256"]}"""
    )]
    [InlineData("/register", """{"error":"invalid_client_metadata"}""")]
    public async Task DocumentThatCannotBeTrusted_EndsTheLoginBeforeAnyoneIsAsked(string path, string document)
    {
        await using var bed = await LoginBed.StartAsync();
        bed.Documents[path] = document;
        using var login = bed.NewLogin();

        await Assert.ThrowsAsync<RemoteLoginException>(() => login.RenewAsync([], refused: null, Cancellation));

        Assert.Empty(bed.Window.Pages);
        Assert.Empty(bed.Redeemed);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("https://other.example/", "code=c")]
    [InlineData(null, "code=c")]
    [InlineData("ours", "error=access_denied&error_description=no")]
    public async Task AnswerThatIsNotTheIssuersOrNoCode_IsNotRedeemed(string? issuer, string answer)
    {
        await using var bed = await LoginBed.StartAsync();
        bed.Window.Issuer = issuer == "ours" ? bed.Window.Issuer : issuer;
        bed.Window.Answer = answer;
        using var login = bed.NewLogin();

        await Assert.ThrowsAsync<RemoteLoginException>(() => login.RenewAsync([], refused: null, Cancellation));

        Assert.Empty(bed.Redeemed);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerWithoutDocuments_IsSupposedToGiveTheTokensItself()
    {
        await using var bed = await LoginBed.StartAsync();
        bed.Documents.Remove("/.well-known/oauth-protected-resource/mcp");
        bed.Documents.Remove("/.well-known/oauth-authorization-server");
        bed.Window.Issuer = null;
        using var login = bed.NewLogin();

        Assert.True(await login.RenewAsync([], refused: null, Cancellation));

        Assert.Equal("/authorize", Assert.Single(bed.Window.Pages).AbsolutePath);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ClientThatIsKnown_IsNotRegisteredAndShowsItsSecret()
    {
        await using var bed = await LoginBed.StartAsync();
        using var login = bed.NewLogin("my client", "s3cret:");

        await login.RenewAsync([], refused: null, Cancellation);

        Assert.Equal("my%20client:s3cret%3A", Assert.Single(bed.Redeemed)["authorization"]);
    }
}
