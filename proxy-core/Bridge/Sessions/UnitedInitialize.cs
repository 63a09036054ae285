using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>
/// The <c>initialize</c> of a process that many clients share. Nobody knows who comes later, so it is promised what the first client can and
/// all that MCP has; what a client cannot do after all is answered for it with an error.
/// </summary>
internal static class UnitedInitialize
{
    private static readonly (string Name, string Value)[] s_all =
    [
        ("sampling", "{}"),
        ("elicitation", """{"form":{},"url":{}}"""),
        ("roots", """{"listChanged":true}"""),
        ("extensions", """{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}"""),
    ];

    public static RpcMessage Of(RpcMessage initialize)
    {
        var capabilities = initialize.Find(initialize.Params, "capabilities"u8);
        if (!capabilities.Exists)
        {
            return initialize;
        }

        var has = JsonObjects.Members(initialize.Text.Span, capabilities);
        var members = has.Select(member => (member.Name, Value: Encoding.UTF8.GetString(initialize.Bytes(member.Value).Span)))
            .Concat(s_all.Where(one => !has.Exists(member => member.Name == one.Name)))
            .Select(member => $"{Web.Answers.Quote(member.Name)}:{member.Value}");
        var united = Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}");
        return RpcMessage.Read(initialize.With(capabilities, united))!;
    }
}
