using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Relay.Team.Alerts.Webhooks;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Alerts.Webhooks;

public sealed class WebhookSenderTests : IAsyncLifetime, IDisposable
{
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"type":"alert.test"}""");

    private readonly ManualTimeProvider _time = new();
    private readonly WebhookSecret _secret = WebhookSecret.New();
    private readonly WebhookSender _sender;
    private WebhookReceiver _receiver = null!;

    public WebhookSenderTests() => _sender = SenderTo(isPrivateAllowed: true, Dns.GetHostAddressesAsync);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    public void Dispose() => _sender.Dispose();

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Message_IsSignedAsTheSpecificationSays()
    {
        var outcome = await SendAsync();

        var message = Assert.Single(_receiver.Messages);
        Assert.Equal((WebhookOutcomeKind.Delivered, "status 204"), (outcome.Kind, outcome.Told));
        Assert.Equal(("/hook/secret", "msg_1", "application/json"), (message.Path, message.Id, message.ContentType));
        Assert.Equal(s_body, message.Body);
        Assert.Equal($"{_time.GetUtcNow().ToUnixTimeSeconds()}", message.Timestamp);
        // As a receiver does it who knows nothing but the secret's text.
        var key = Convert.FromBase64String(_secret.Reveal()["whsec_".Length..]);
        var signed = Encoding.UTF8.GetBytes($"{message.Id}.{message.Timestamp}.{Encoding.UTF8.GetString(message.Body)}");
        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}", message.Signature);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(200, nameof(WebhookOutcomeKind.Delivered))]
    [InlineData(410, nameof(WebhookOutcomeKind.Refused))]
    [InlineData(404, nameof(WebhookOutcomeKind.Failed))]
    [InlineData(429, nameof(WebhookOutcomeKind.Failed))]
    [InlineData(500, nameof(WebhookOutcomeKind.Failed))]
    public async Task Status_SaysHowItEnded(int status, string expected)
    {
        _receiver.AnswerWith(status);

        var outcome = await SendAsync();

        Assert.Equal((expected, $"status {status}"), (outcome.Kind.ToString(), outcome.Told));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Redirect_IsNotFollowed()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        _receiver.AnswerWith(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = elsewhere.Url.AbsoluteUri;
            return Task.CompletedTask;
        });

        var outcome = await SendAsync();

        Assert.Equal((WebhookOutcomeKind.Failed, "status 307"), (outcome.Kind, outcome.Told));
        Assert.Empty(elsewhere.Messages);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SilentReceiver_HasTenSeconds()
    {
        _receiver.AnswerWith(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var sending = SendAsync();
        await _receiver.ArrivalAsync(Cancelled);

        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(new WebhookOutcome(WebhookOutcomeKind.Failed, "no answer in time"), await sending);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EndlessAnswer_IsNotRead()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.AnswerWith(async context =>
        {
            context.Response.StatusCode = 200;
            await using var gone = context.RequestAborted.Register(left.SetResult);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], CancellationToken.None);
            }
        });

        var outcome = await SendAsync();

        Assert.Equal(WebhookOutcomeKind.Delivered, outcome.Kind);
        await left.Task.WaitAsync(Cancelled);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReceiverThatIsNotThere_IsTriedAgainLater()
    {
        var url = _receiver.Url;
        await _receiver.DisposeAsync();

        var outcome = await _sender.SendAsync(new WebhookTarget(url, _secret), "msg_1", s_body, Cancelled);

        Assert.Equal(WebhookOutcomeKind.Failed, outcome.Kind);
        _receiver = await WebhookReceiver.StartAsync();
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("127.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    [InlineData("localhost")]
    public async Task ReceiverOnThisMachine_GetsNothing(string host)
    {
        using var careful = SenderTo(isPrivateAllowed: false, Dns.GetHostAddressesAsync);
        var url = new UriBuilder(_receiver.Url) { Host = host }.Uri;

        var outcome = await careful.SendAsync(new WebhookTarget(url, _secret), "msg_1", s_body, Cancelled);

        Assert.Equal(WebhookOutcomeKind.Refused, outcome.Kind);
        Assert.Contains("is not on the internet", outcome.Told, StringComparison.Ordinal);
        Assert.Empty(_receiver.Messages);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NameThatMeansThisMachineAtTheSecondLook_GetsNothing()
    {
        var looks = 0;
        using var careful = SenderTo(
            isPrivateAllowed: false,
            (_, _) => Task.FromResult<IPAddress[]>(looks++ == 0 ? [IPAddress.Parse("2001:db8::1")] : [IPAddress.Loopback])
        );
        var target = new WebhookTarget(new UriBuilder(_receiver.Url) { Host = "rebinding.example" }.Uri, _secret);

        var first = await careful.SendAsync(target, "msg_1", s_body, Cancelled);
        var second = await careful.SendAsync(target, "msg_1", s_body, Cancelled);

        Assert.Equal((WebhookOutcomeKind.Refused, WebhookOutcomeKind.Refused), (first.Kind, second.Kind));
        Assert.Equal(2, looks);
        Assert.Empty(_receiver.Messages);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NameThatIsNowhere_IsTriedAgainLater()
    {
        using var careful = SenderTo(isPrivateAllowed: false, (_, _) => throw new SocketException((int)SocketError.HostNotFound));

        var outcome = await careful.SendAsync(new WebhookTarget(_receiver.Url, _secret), "msg_1", s_body, Cancelled);

        Assert.Equal(WebhookOutcomeKind.Failed, outcome.Kind);
    }

    private WebhookSender SenderTo(bool isPrivateAllowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
        new(new GuardedDialer(isPrivateAllowed, resolve), _time);

    private Task<WebhookOutcome> SendAsync() => _sender.SendAsync(new WebhookTarget(_receiver.Url, _secret), "msg_1", s_body, Cancelled);
}
