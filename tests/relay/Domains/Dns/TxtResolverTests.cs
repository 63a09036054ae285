using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Domains.Dns;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Domains.Dns;

public sealed class TxtResolverTests : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public TxtResolverTests()
    {
        _server.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IPEndPoint Address => (IPEndPoint)_server.LocalEndpoint;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ResolverThatIsAway_LeavesItToTheNext()
    {
        using var resolver = new TxtResolver(new DomainOptions { Resolvers = [Unreachable(), Address] });
        var finding = resolver.FindAsync("_mcpr-challenge.mcp.example.com", Token);

        await AnswerAsync(question => [.. question.AsSpan(0, 2), 0x81, 0x83, .. question.AsSpan(4)]);

        Assert.Empty(await finding);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ResolverThatHangsUp_SaysNothingAboutTheName()
    {
        using var resolver = new TxtResolver(new DomainOptions { Resolvers = [Address] });
        var finding = resolver.FindAsync("mcp.example.com", Token);

        (await _server.AcceptTcpClientAsync(Token)).Dispose();

        await Assert.ThrowsAsync<DnsUnavailableException>(() => finding);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ResolverThatIsSilent_IsNotWaitedForForLong()
    {
        using var resolver = new TxtResolver(new DomainOptions { Resolvers = [Address] });
        var finding = resolver.FindAsync("mcp.example.com", Token);
        using var silent = await _server.AcceptTcpClientAsync(Token);

        var unavailable = await Assert.ThrowsAsync<DnsUnavailableException>(() => finding);

        Assert.Contains("does not answer", unavailable.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _server.Dispose();

    private static IPEndPoint Unreachable()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return (IPEndPoint)taken.LocalEndpoint;
    }

    private async Task AnswerAsync(Func<byte[], byte[]> answerTo)
    {
        using var client = await _server.AcceptTcpClientAsync(Token);
        var stream = client.GetStream();
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, Token);
        var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(question, Token);
        var answer = answerTo(question);
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
        await stream.WriteAsync(length, Token);
        await stream.WriteAsync(answer, Token);
    }
}
