using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Tls;
using Tunnel.Relay.Tls.Orders;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tls;

public sealed class HttpChallengesTests
{
    [Fact]
    public async Task RelayThatOrders_IsAskedAtTheOriginOfItsConnections()
    {
        using var node = new OrderingNode();
        var turns = new TurnOf("https://10.0.0.8:5101");
        using var lego = new LegoClient(new RelayOptions { DataDirectory = Path.GetTempPath() }, turns);
        var challenges = new HttpChallenges(new DomainRoutes(), lego, turns, node, new ManualTimeProvider());
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Get;
        context.Request.Host = new HostString("mcp.example.com");
        context.Request.Path = "/.well-known/acme-challenge/token";
        using var answer = new MemoryStream();
        context.Response.Body = answer;

        Assert.True(await challenges.TryAnswerAsync(context));

        // TLS is spoken below the client, as cluster TLS has it; the client must not speak it once more.
        Assert.Equal(
            (new Uri("http://10.0.0.8:5101/.well-known/acme-challenge/token"), "mcp.example.com"),
            (node.Asked?.RequestUri, node.Asked?.Headers.Host)
        );
        Assert.Equal("token.thumbprint"u8.ToArray(), answer.ToArray());
    }

    private sealed class OrderingNode : HttpMessageHandler, IOtherNodes
    {
        public HttpRequestMessage? Asked { get; private set; }

        public ForwardDestination DestinationOf(string node) =>
            new("http://10.0.0.8:5101", new HttpMessageInvoker(this), HttpVersion.Version20, KeepHost: true, TimeSpan.FromSeconds(1));

        public ValueTask<RouteLookup> FindAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Forget(string name) => throw new NotSupportedException();

        public IReadOnlyList<string> NameOthers() => throw new NotSupportedException();

        public IReadOnlyList<NodeState> ListOthers() => throw new NotSupportedException();

        public Task LeaveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("token.thumbprint") });
        }
    }

    private sealed class TurnOf(string node) : IOrderTurns
    {
        public bool AreShared => true;

        public ValueTask<string?> FindOrdererAsync(string domain, CancellationToken cancellationToken) =>
            ValueTask.FromResult<string?>(node);

        public ValueTask<SharedCertificate?> ReadNewAsync(CertificateSubject subject, long known, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<(IOrderTurn? Turn, TimeSpan Wait)> TryBeginAsync(
            CertificateSubject subject,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ValueTask<string?> ReadAccountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask OfferAccountAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
