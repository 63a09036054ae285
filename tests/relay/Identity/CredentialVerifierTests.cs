using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

public sealed class CredentialVerifierTests : IDisposable
{
    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("sixteen-or-more-characters");

    private readonly ManualTimeProvider _time = new();
    private readonly FakeVerifier _service = new();
    private readonly RelayOptions _options = new();
    private readonly CredentialVerifier _verifier;

    public CredentialVerifierTests()
    {
        _options.Verifier.Url = _service.Url;
        _options.Verifier.Secret = s_secret;
        _verifier = new CredentialVerifier(Options.Create(_options), _time, NullLogger<CredentialVerifier>.Instance);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Yes_TellsTheOwnerAndItsLimits()
    {
        _service.Answer = (200, """{"owner":"alice","names":["a-*"],"maxTunnels":5,"expiresAt":"2026-12-31T00:00:00Z","more":1}""");

        var (answer, refusal) = await AskAsync();

        Assert.Null(refusal);
        Assert.Equal(
            ("alice", 5, new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero)),
            (answer!.Owner, answer.MaxTunnels, answer.ExpiresAt)
        );
        Assert.Equal("a-*", Assert.Single(answer.Names!));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Question_IsSignedWithItsTime()
    {
        await AskAsync("eyJ.x");

        var (signature, body) = Assert.Single(_service.Questions);
        var sentAt = _time.GetUtcNow().ToUnixTimeSeconds();
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(s_secret, Encoding.UTF8.GetBytes($"{sentAt}.{body}")));
        Assert.Equal($"t={sentAt},v1={expected}", signature);
        Assert.Equal("""{"credential":"eyJ.x"}""", body);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task No_IsNo(int status)
    {
        _service.Answer = (status, string.Empty);

        Assert.Equal((null, ErrorCatalog.BadCredential), await AskAsync());
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(500, "")]
    [InlineData(204, "")]
    [InlineData(302, """{"owner":"alice"}""")]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"owner":""}""")]
    [InlineData(200, """{"owner":"a\nb"}""")]
    [InlineData(200, "yes")]
    [InlineData(200, "null")]
    public async Task AnythingElse_OpensNothingAndIsAskedAgain(int status, string body)
    {
        _service.Answer = (status, body);
        var first = await AskAsync();
        _service.Answer = (200, """{"owner":"alice"}""");
        var second = await AskAsync();

        Assert.Equal((null, ErrorCatalog.VerifierUnavailable), first);
        Assert.Equal("alice", second.Answer?.Owner);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EndlessAnswer_OpensNothing()
    {
        _service.Answer = (200, $$"""{"owner":"alice","x":"{{new string('x', 100_000)}}"}""");

        Assert.Equal((null, ErrorCatalog.VerifierUnavailable), await AskAsync());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SilentService_OpensNothing()
    {
        _service.Answer = null;
        _options.Verifier.Timeout = TimeSpan.FromMilliseconds(100);

        Assert.Equal((null, ErrorCatalog.VerifierUnavailable), await AskAsync());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServiceThatIsNotThere_OpensNothing()
    {
        _service.Dispose();

        Assert.Equal((null, ErrorCatalog.VerifierUnavailable), await AskAsync());
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(200)]
    [InlineData(401)]
    public async Task Answer_CountsForAWhile(int status)
    {
        _service.Answer = (status, """{"owner":"alice"}""");
        await AskAsync();
        _time.Advance(_options.Verifier.CacheFor - TimeSpan.FromTicks(1));
        await AskAsync();
        var asked = _service.Questions.Count;
        await AskAsync("another");
        _time.Advance(TimeSpan.FromTicks(1));
        await AskAsync();

        Assert.Equal((1, 3), (asked, _service.Questions.Count));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WithoutAService_ForeignCredentialsAreBad()
    {
        _options.Verifier.Url = null;

        Assert.Equal((null, ErrorCatalog.BadCredential), await AskAsync());
        Assert.Empty(_service.Questions);
    }

    public void Dispose()
    {
        _verifier.Dispose();
        _service.Dispose();
    }

    private async Task<(VerifierAnswer? Answer, ProxyError? Refusal)> AskAsync(string credential = "eyJhbGciOi") =>
        await _verifier.VerifyAsync(Credential.Parse(credential)!, TestContext.Current.CancellationToken);
}
