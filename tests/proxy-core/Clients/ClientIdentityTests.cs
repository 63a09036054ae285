using Tunnel.ProxyCore.Clients;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Clients;

public sealed class ClientIdentityTests
{
    [Theory]
    [InlineData("openai-mcp", null, "ChatGPT")]
    [InlineData(null, "openai-mcp/1.0.0 (ChatGPT)", "ChatGPT")]
    [InlineData("Anthropic/ClaudeAI", null, "Claude")]
    [InlineData("claude-ai", null, "Claude")]
    [InlineData(null, "Claude-User", "Claude")]
    [InlineData("claude-code", "node", "Claude Code")]
    [InlineData("cursor-vscode", null, "Cursor")]
    [InlineData("Visual Studio Code", null, "VS Code")]
    [InlineData("codex-mcp-client", null, "Codex")]
    [InlineData("mcp-inspector", null, "Inspector")]
    [InlineData("my-own-client", "curl/8", "my-own-client")]
    [InlineData(null, "curl/8", null)]
    [InlineData(null, null, null)]
    [InlineData("", "", null)]
    public void Client_IsKnownByWhatItSaysOrHowItLooks(string? clientName, string? userAgent, string? expected)
    {
        Assert.Equal(expected, ClientIdentity.From(clientName, clientVersion: null, userAgent)?.Name);
    }

    [Fact]
    public void LongNames_AreCut()
    {
        var identity = ClientIdentity.From(new string('n', 1000), new string('v', 1000), userAgent: null)!;

        Assert.Equal((64, 64), (identity.Name.Length, identity.Version!.Length));
    }
}
