using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Edge;

/// <summary>The relay's two endpoints for connectors, spoken to by hand: SignalR's JSON protocol is text with a record separator.</summary>
public sealed class ControlPlaneTests : IAsyncLifetime
{
    private const char RecordSeparator = '\u001e';
    private const string Anonymous = "mcpra_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private RelayProcess _relay = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _relay = await RelayProcess.StartAsync(Cancellation);

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(null, 401, "E7101")]
    [InlineData("mcpra_short", 401, "E7101")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401, "E7101")]
    public async Task ControlWithoutAGoodCredential_IsRefusedInTheHandshake(string? credential, int status, string code)
    {
        using var webSocket = NewWebSocket(credential);

        await Assert.ThrowsAsync<WebSocketException>(() => webSocket.ConnectAsync(Endpoint("/_mcpr/control"), Cancellation));

        Assert.Equal((HttpStatusCode)status, webSocket.HttpStatusCode);
        Assert.Equal(code, webSocket.HttpResponseHeaders!["mcpr-error"].Single());
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/_MCPR/control")]
    [InlineData("/_mcpr/Control")]
    [InlineData("/_mcpr/control/")]
    public async Task ControlPathInAnotherSpelling_WantsACredentialToo(string path)
    {
        using var webSocket = NewWebSocket(credential: null);

        await Assert.ThrowsAsync<WebSocketException>(() => webSocket.ConnectAsync(Endpoint(path), Cancellation));

        Assert.Equal(HttpStatusCode.Unauthorized, webSocket.HttpStatusCode);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(0, "E7401")]
    [InlineData(2, "E7402")]
    public async Task OtherProtocolVersion_IsRefusedWithTheSideToUpgrade(int version, string code)
    {
        using var control = await OpenControlAsync();

        var result = await InvokeAsync(control, "OpenTunnel", Request(version));

        var refusal = result.GetProperty("refusal");
        Assert.Equal(code, refusal.GetProperty("code").GetString());
        Assert.True(refusal.GetProperty("fatal").GetBoolean());
        Assert.NotEmpty(refusal.GetProperty("hint").GetString()!);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DataConnectionOfAnotherVersion_IsRefused()
    {
        using var webSocket = NewWebSocket("ticket");
        webSocket.Options.AddSubProtocol("mcpr.h2.v0");

        await Assert.ThrowsAsync<WebSocketException>(() => webSocket.ConnectAsync(Endpoint("/_mcpr/data"), Cancellation));

        Assert.Equal(HttpStatusCode.UpgradeRequired, webSocket.HttpStatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Ticket_IsGoodOnce()
    {
        using var control = await OpenControlAsync();
        await InvokeAsync(control, "OpenTunnel", Request(version: 1));
        var ticket = (await InvokeAsync(control, "IssueDataTicket")).GetString();

        using var first = await DialDataAsync(ticket);
        using var second = NewWebSocket(ticket);
        second.Options.AddSubProtocol("mcpr.h2.v1");

        await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(Endpoint("/_mcpr/data"), Cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, second.HttpStatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DataConnectionThatNobodyServes_IsGivenUp()
    {
        using var control = await OpenControlAsync();
        await InvokeAsync(control, "OpenTunnel", Request(version: 1));
        using var silent = await DialDataAsync((await InvokeAsync(control, "IssueDataTicket")).GetString());

        await _relay.Process.Error.WaitForAsync(line => line.Contains("does not answer", StringComparison.Ordinal), Cancellation);
    }

    private static string Request(int version) => $$"""{"protocolVersion":{{version}},"clientVersion":"test","name":null,"project":"p"}""";

    private static ClientWebSocket NewWebSocket(string? credential)
    {
        var webSocket = new ClientWebSocket();
        webSocket.Options.CollectHttpResponseDetails = true;
        if (credential is not null)
        {
            webSocket.Options.SetRequestHeader("Authorization", $"Bearer {credential}");
        }

        return webSocket;
    }

    private static async Task<JsonElement> InvokeAsync(ClientWebSocket control, string method, string arguments = "")
    {
        await SendAsync(control, $$"""{"type":1,"invocationId":"1","target":"{{method}}","arguments":[{{arguments}}]}""");
        while (true)
        {
            using var message = JsonDocument.Parse(await ReceiveAsync(control));
            if (message.RootElement.TryGetProperty("type", out var type) && type.GetInt32() == 3)
            {
                return message.RootElement.GetProperty("result").Clone();
            }
        }
    }

    private static async Task SendAsync(ClientWebSocket control, string json) =>
        await control.SendAsync(
            Encoding.UTF8.GetBytes(json + RecordSeparator),
            WebSocketMessageType.Text,
            endOfMessage: true,
            Cancellation
        );

    private static async Task<string> ReceiveAsync(ClientWebSocket control)
    {
        var record = new StringBuilder();
        var buffer = new byte[1];
        while (true)
        {
            // Byte by byte, so that a second record in the same message is left for the next call.
            var received = await control.ReceiveAsync(buffer.AsMemory(), Cancellation);
            Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
            if (received.Count == 1 && buffer[0] == RecordSeparator)
            {
                return record.ToString();
            }

            record.Append((char)buffer[0]);
        }
    }

    private async Task<ClientWebSocket> OpenControlAsync()
    {
        var control = NewWebSocket(Anonymous);
        await control.ConnectAsync(Endpoint("/_mcpr/control"), Cancellation);
        await SendAsync(control, """{"protocol":"json","version":1}""");
        Assert.Equal("{}", await ReceiveAsync(control));
        return control;
    }

    private async Task<ClientWebSocket> DialDataAsync(string? ticket)
    {
        var data = NewWebSocket(ticket);
        data.Options.AddSubProtocol("mcpr.h2.v1");
        await data.ConnectAsync(Endpoint("/_mcpr/data"), Cancellation);
        return data;
    }

    private Uri Endpoint(string path) => new($"ws://localhost:{_relay.Port}{path}");
}
