using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Exchanges;

public sealed class CallerBodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("1.1", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", true)]
    public async Task LongBodyInSmallBuffers_ComesWhole(string version, bool hasLength)
    {
        var sent = new byte[5_000_000];
        new Random(4711).NextBytes(sent);
        await using var server = await StartAsync(
            version,
            async context =>
            {
                var body = new CallerBody(context.Request);
                using var whole = new MemoryStream();
                var buffer = new byte[1000];
                while (await body.ReadAsync(buffer, Token) is > 0 and var read)
                {
                    whole.Write(buffer, 0, read);
                }

                await context.Response.Body.WriteAsync(whole.ToArray(), Token);
            }
        );
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Urls.Single());
        request.Version = new Version(version);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Content = hasLength ? new ByteArrayContent(sent) : new StreamContent(new MemoryStream(sent));
        request.Headers.TransferEncodingChunked = hasLength ? null : true;

        using var response = await client.SendAsync(request, Token);

        Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync(Token));
    }

    private static async Task<WebApplication> StartAsync(string version, RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(
                    IPAddress.Loopback,
                    0,
                    listener => listener.Protocols = version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1
                )
            );
        var server = builder.Build();
        server.Run(handle);
        await server.StartAsync(Token);
        return server;
    }
}
