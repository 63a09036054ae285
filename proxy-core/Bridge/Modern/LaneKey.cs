using System.Text;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// Who a process was told its client is. Clients that say the same of themselves can use the same process one after the other: this revision
/// promises them nothing that outlasts a request.
/// </summary>
internal sealed record LaneKey(string ClientInfo, string Capabilities)
{
    public static LaneKey Of(Envelope envelope) => Of(envelope.ClientInfo, envelope.Capabilities);

    /// <param name="clientInfo">Empty where the client does not say who it is.</param>
    /// <param name="capabilities">What it can do.</param>
    public static LaneKey Of(ReadOnlyMemory<byte> clientInfo, ReadOnlyMemory<byte> capabilities) =>
        new(
            clientInfo.IsEmpty ? Web.Answers.OwnInfo : Encoding.UTF8.GetString(clientInfo.Span),
            Encoding.UTF8.GetString(capabilities.Span)
        );

    /// <summary>The <c>initialize</c> that says so to a process of an earlier revision.</summary>
    public ReadOnlyMemory<byte> Initialize() =>
        Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{Revisions.LastLegacy}}}","capabilities":{{{Capabilities}}},"clientInfo":{{{ClientInfo}}}}}"""
        );
}
