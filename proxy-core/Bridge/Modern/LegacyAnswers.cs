using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>What a process of an earlier revision answers, as the revision 2026-07-28 wants to have it: results get what that one added.</summary>
internal static class LegacyAnswers
{
    /// <summary>Resource not found, before it became an error of parameters.</summary>
    private const int OldResourceNotFound = -32002;

    /// <summary>Nothing is known of how long an answer of an old server stays true.</summary>
    private const string NotCacheable = "\"ttlMs\":0,\"cacheScope\":\"private\"";

    /// <param name="response">Of the process.</param>
    /// <param name="request">The request that the client waits for now.</param>
    /// <param name="greeting">What the process said about itself.</param>
    public static ReadOnlyMemory<byte> Translate(ReadOnlyMemory<byte> response, RpcMessage request, RpcMessage greeting)
    {
        var message = RpcMessage.Read(response)!;
        var edits = new JsonEdits();
        edits.Replace(message.Id.Start, message.Id.Length, request.IdText);
        var code = message.Find(message.Error, "code"u8);
        if (code.Exists && message.Number(code) == OldResourceNotFound && request.Method == "resources/read")
        {
            edits.Replace(code.Start, code.Length, "-32602"u8.ToArray());
        }

        if (message.Result.Exists && message.Text.Span[message.Result.Start] == (byte)'{')
        {
            Stamp(edits, message, request.Method!);
            AddServerInfo(edits, message, greeting);
        }

        return message.With(edits);
    }

    /// <summary>Adds who answers.</summary>
    public static ReadOnlyMemory<byte> Sign(ReadOnlyMemory<byte> response, RpcMessage greeting)
    {
        var message = RpcMessage.Read(response)!;
        var edits = new JsonEdits();
        AddServerInfo(edits, message, greeting);
        return message.With(edits);
    }

    /// <summary>The answer to <c>server/discover</c>, out of that to <c>initialize</c>.</summary>
    public static ReadOnlyMemory<byte> Discovery(RpcMessage request, RpcMessage greeting)
    {
        var capabilities = greeting.Find(greeting.Result, "capabilities"u8);
        var instructions = greeting.Find(greeting.Result, "instructions"u8);
        var text = new StringBuilder()
            .Append("{\"jsonrpc\":\"2.0\",\"id\":")
            .Append(Encoding.UTF8.GetString(request.IdText.Span))
            .Append($",\"result\":{{\"resultType\":\"complete\",\"supportedVersions\":[\"{Revisions.FirstModern}\"],\"capabilities\":")
            .Append(capabilities.Exists ? Encoding.UTF8.GetString(greeting.Bytes(capabilities).Span) : "{}");
        if (instructions.Exists)
        {
            text.Append(",\"instructions\":").Append(Encoding.UTF8.GetString(greeting.Bytes(instructions).Span));
        }

        text.Append(',').Append(NotCacheable).Append("}}");
        return Sign(Encoding.UTF8.GetBytes(text.ToString()), greeting);
    }

    /// <summary>The request without what only the revision 2026-07-28 knows.</summary>
    public static RpcMessage Downgrade(RpcMessage request)
    {
        var edits = new JsonEdits();
        var meta = request.Find(request.Params, "_meta"u8);
        JsonMembers.Remove(edits, request.Text.Span, meta, name => name.StartsWith(MetaKeys.Prefix, StringComparison.Ordinal));
        return edits.IsEmpty ? request : RpcMessage.Read(request.With(edits))!;
    }

    private static void Stamp(JsonEdits edits, RpcMessage message, string method)
    {
        List<string> members = [];
        if (!message.Find(message.Result, "resultType"u8).Exists)
        {
            members.Add("\"resultType\":\"complete\"");
        }

        var isCacheable = method.EndsWith("/list", StringComparison.Ordinal) || method is "resources/templates/list" or "resources/read";
        if (isCacheable && !message.Find(message.Result, "ttlMs"u8).Exists)
        {
            members.Add(NotCacheable);
        }

        if (members.Count > 0)
        {
            JsonMembers.Prepend(edits, message.Text.Span, message.Result, Encoding.UTF8.GetBytes(string.Join(',', members)));
        }
    }

    private static void AddServerInfo(JsonEdits edits, RpcMessage message, RpcMessage greeting)
    {
        var info = greeting.Find(greeting.Result, "serverInfo"u8);
        var meta = message.Find(message.Result, "_meta"u8);
        if (!info.Exists || !message.Result.Exists || message.Find(meta, MetaKeys.ServerInfo).Exists)
        {
            return;
        }

        byte[] member = [(byte)'"', .. MetaKeys.ServerInfo, (byte)'"', (byte)':', .. greeting.Bytes(info).Span];
        if (meta.Exists && message.Text.Span[meta.Start] == (byte)'{')
        {
            JsonMembers.Prepend(edits, message.Text.Span, meta, member);
        }
        else if (!meta.Exists)
        {
            JsonMembers.Prepend(edits, message.Text.Span, message.Result, [.. "\"_meta\":{"u8, .. member, (byte)'}']);
        }
    }
}
