using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cluster;

/// <summary>Relays that show each other certificates: <c>--cluster-tls-…</c>.</summary>
[Trait("needs", "redis")]
public sealed class ClusterTlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelaysOfOneAuthority_PassRequestsOn_AndStrangersDoNotGetIn()
    {
        using var certificates = new NodeCertificates();
        using var others = new NodeCertificates();
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, certificates.Arguments(), [], Cancellation);
        using var ours = certificates.Issue();
        using var foreign = others.Issue();

        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);
        await caller.SendAsync(Calls.Post(bed.Tunnel.Url, Calls.Echo("1", "x")), Cancellation);
        var answer = await caller.ReadResponseAsync(Cancellation, "POST");

        Assert.Equal((200, Calls.EchoResult("1", "x")), (answer.StatusCode, Calls.Text(await answer.ReadBodyAsync(Cancellation))));
        Assert.True(await GetsInAsync(bed.FirstNodePort, certificates.Policy, ours));
        Assert.False(await GetsInAsync(bed.FirstNodePort, certificates.Policy, foreign));
        Assert.False(await GetsInAsync(bed.FirstNodePort, certificates.Policy, certificate: null));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayOfAnotherAuthority_IsNotAskedAndDoesNotAnswer()
    {
        using var certificates = new NodeCertificates();
        using var others = new NodeCertificates();
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, certificates.Arguments(), [], Cancellation);
        await using var stranger = await bed.StartThirdAsync([.. others.Arguments(), "--hold", "1s"], Cancellation);

        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", stranger.Port, Cancellation);
        await caller.SendAsync(Calls.Post(bed.Tunnel.Url, Calls.Echo("1", "x")), Cancellation);

        Assert.Equal(503, (await caller.ReadResponseAsync(Cancellation, "POST")).StatusCode);
    }

    /// <summary>TLS 1.3 tells a client only with the first byte whether its certificate will do.</summary>
    private static async Task<bool> GetsInAsync(int port, X509ChainPolicy trust, X509Certificate2? certificate)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port, Cancellation);
        await using var tls = new SslStream(socket.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "127.0.0.1",
                    ClientCertificates = certificate is null ? [] : [certificate],
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    CertificateChainPolicy = trust,
                },
                Cancellation
            );
            await tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), Cancellation);
            return await tls.ReadAsync(new byte[1], Cancellation) > 0;
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }
}
