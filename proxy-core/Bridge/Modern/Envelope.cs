using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>What a client of the revision 2026-07-28 says about itself in every request, in <c>params._meta</c>.</summary>
/// <param name="Message">The message.</param>
/// <param name="Version">The revision that it speaks.</param>
/// <param name="Capabilities">What the client can do, as JSON.</param>
/// <param name="ClientInfo">Who it is, as JSON; empty where it does not say.</param>
/// <param name="LogLevel">From which level on it wants log messages; null for none.</param>
internal sealed record Envelope(
    RpcMessage Message,
    string Version,
    ReadOnlyMemory<byte> Capabilities,
    ReadOnlyMemory<byte> ClientInfo,
    string? LogLevel
)
{
    /// <summary>Whether a message is for the rules of the revision 2026-07-28, even if it breaks them.</summary>
    public static bool IsClaimedBy(BridgeRequest request, IReadOnlyList<RpcMessage> messages) =>
        messages.Any(message => VersionIn(message).Exists)
        || (Revisions.IsModern(request.ProtocolVersion) && messages is [{ IsResponse: false }]);

    /// <summary>Reads and checks it, headers included.</summary>
    /// <returns>Null with the refusal where something is wrong.</returns>
    public static Envelope? Read(BridgeRequest request, IReadOnlyList<RpcMessage> messages, out HttpResponseMessage? refusal)
    {
        if (messages is not [var message] || message.IsResponse)
        {
            refusal = Refusals.InvalidRequest("one request or notification at a time");
            return null;
        }

        var id = message.Id.Exists ? message.IdText : "null"u8.ToArray();
        var meta = message.Find(message.Params, "_meta"u8);
        var version = message.String(message.Find(meta, MetaKeys.ProtocolVersion));
        var capabilities = message.Find(meta, MetaKeys.ClientCapabilities);
        var info = message.Find(meta, MetaKeys.ClientInfo);
        refusal =
            message.IsNotification ? null
            : message.Method == "initialize" && version is null
                ? Refusals.HeaderMismatch(id, "initialize belongs to earlier revisions than the header names")
            : version is null ? Refusals.InvalidEnvelope(id, "_meta has no io.modelcontextprotocol/protocolVersion")
            : !capabilities.Exists || message.Text.Span[capabilities.Start] != (byte)'{'
                ? Refusals.InvalidEnvelope(id, "_meta has no io.modelcontextprotocol/clientCapabilities, which is an object")
            : info.Exists && message.Text.Span[info.Start] != (byte)'{'
                ? Refusals.InvalidEnvelope(id, "io.modelcontextprotocol/clientInfo is not an object")
            : request.ProtocolVersion is { } header && header != version
                ? Refusals.HeaderMismatch(id, $"MCP-Protocol-Version is {header}, the body says {version}")
            : version != Revisions.FirstModern ? Refusals.UnsupportedVersion(id, version)
            : StandardHeaders.FindProblem(request, message) is { } problem ? Refusals.HeaderMismatch(id, problem)
            : null;
        return refusal is null
            ? new Envelope(
                message,
                version ?? Revisions.FirstModern,
                message.Bytes(capabilities),
                message.Bytes(info),
                message.String(message.Find(meta, MetaKeys.LogLevel))
            )
            : null;
    }

    /// <summary>Whether the client declared a capability, such as <c>sampling</c>.</summary>
    public bool Has(ReadOnlySpan<byte> capability) =>
        JsonObjects.Find(Capabilities.Span, new JsonSpan(0, Capabilities.Length), capability).Exists;

    private static JsonSpan VersionIn(RpcMessage message) => message.Find(message.Params, "_meta"u8, MetaKeys.ProtocolVersion);
}
