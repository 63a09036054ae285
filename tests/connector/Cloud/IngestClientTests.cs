using System.Net;
using System.Net.Sockets;
using System.Text;
using Tunnel.Connector.Cloud;
using Tunnel.ProxyCore.Files;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Cloud;

public sealed class IngestClientTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("")]
    [InlineData("hello\r\n\r\n")]
    [InlineData("HTTP/1.1 2o2 Accepted\r\n\r\n")]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Length: 99999999999\r\n\r\n{\"accepted\":1")]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Length: 30\r\n\r\n{\"accepted\":1")]
    [InlineData(
        "HTTP/1.1 202 Accepted\r\nContent-Length: 29\r\nContent-Type: application/json; charset=klingon\r\n\r\n{\"accepted\":1,\"known\":\"many\"}"
    )]
    [InlineData("HTTP/1.1 429 No\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 503 No\r\nRetry-After: soon\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx")]
    [InlineData("HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    public async Task RelayThatIsNone_TakesNothing(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = NewClient(new Uri($"http://{listener.LocalEndpoint}"));

        var sending = client.SendAsync(CloudEvents.Batch(1).Coded, TestContext.Current.CancellationToken);
        using (var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            await connection.GetStream().ReadExactlyAsync(new byte[100], TestContext.Current.CancellationToken);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        }

        var heard = await sending;
        Assert.Equal((IngestVerdict.Later, null), (heard.Verdict, heard.RetryAfter));
        Assert.NotEmpty(heard.Reason);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatIsNotThere_TakesNothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = NewClient(new Uri($"http://{listener.LocalEndpoint}"));
        listener.Stop();

        var heard = await client.SendAsync(CloudEvents.Batch(1).Coded, TestContext.Current.CancellationToken);

        Assert.Equal(IngestVerdict.Later, heard.Verdict);
        Assert.Contains("cannot send to", heard.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatNeverAnswers_IsGivenUp()
    {
        var time = new ManualTimeProvider();
        await using var relay = await IngestServer.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        relay.Next(async context =>
        {
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var onAbort = context.RequestAborted.Register(left.SetResult);
            asked.SetResult();
            await left.Task;
        });
        using var client = NewClient(relay.Url, time);

        var sending = client.SendAsync(CloudEvents.Batch(1).Coded, TestContext.Current.CancellationToken);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(30));

        var heard = await sending;
        Assert.Equal(IngestVerdict.Later, heard.Verdict);
        Assert.Contains("does not answer", heard.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RetryAfter_IsReadInSecondsAndAsADate()
    {
        var time = new ManualTimeProvider();
        await using var relay = await IngestServer.StartAsync();
        relay.Next(429, headers: ("Retry-After", "120"));
        relay.Next(503, headers: ("Retry-After", (time.GetUtcNow() + TimeSpan.FromMinutes(3)).ToString("R")));
        using var client = NewClient(relay.Url, time);

        var busy = await client.SendAsync(CloudEvents.Batch(1).Coded, TestContext.Current.CancellationToken);
        var away = await client.SendAsync(CloudEvents.Batch(1).Coded, TestContext.Current.CancellationToken);

        Assert.Equal(
            [TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3)],
            [busy.RetryAfter.GetValueOrDefault(), away.RetryAfter.GetValueOrDefault()]
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TokenInAFile_IsReadAgainForEveryTry()
    {
        var path = _folder.PathOf("token");
        PrivateFile.Replace(path, "old\n");
        await using var relay = await IngestServer.StartAsync();
        relay.Next(401);
        using var client = NewClient(relay.Url, token: CloudToken.InFile(path));

        var unknown = await client.SendAsync(CloudEvents.Batch(1).Coded, TestContext.Current.CancellationToken);
        PrivateFile.Replace(path, "new\n");
        var known = await client.SendAsync(CloudEvents.Batch(1).Coded, TestContext.Current.CancellationToken);
        File.Delete(path);
        var gone = await client.SendAsync(CloudEvents.Batch(1).Coded, TestContext.Current.CancellationToken);

        Assert.Equal([IngestVerdict.Refused, IngestVerdict.Taken, IngestVerdict.Refused], [unknown.Verdict, known.Verdict, gone.Verdict]);
        Assert.Equal("Bearer new", relay.LastHeaders.Authorization);
        Assert.DoesNotContain("old", unknown.Reason, StringComparison.Ordinal);
    }

    private IngestClient NewClient(Uri url, TimeProvider? time = null, CloudToken? token = null) =>
        new(CloudBed.Settings(url, _folder.FullName, token), time ?? TimeProvider.System);
}
