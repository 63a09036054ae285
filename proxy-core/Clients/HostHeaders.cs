using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Clients;

/// <summary>What MCP hosts say in headers about sessions and people.</summary>
internal static class HostHeaders
{
    public const string SessionId = "Mcp-Session-Id";
    public const string ProtocolVersion = "MCP-Protocol-Version";

    /// <summary>ChatGPT's key for a conversation, in place of a session that it does not echo.</summary>
    private const string OpenAiSession = "X-Openai-Session";

    /// <summary>ChatGPT's opaque key for a person.</summary>
    private const string OpenAiSubject = "X-Openai-Subject";

    private const int MaxLength = 256;

    /// <summary>The session a request belongs to: by the protocol's own header, else by the host's.</summary>
    public static string? SessionOf(IHeaderDictionary request) => Value(request, SessionId) ?? Value(request, OpenAiSession);

    /// <summary>The person behind a request, hashed.</summary>
    public static string? UserOf(IHeaderDictionary request) => Value(request, OpenAiSubject) is { } subject ? PersonKey.Of(subject) : null;

    public static string? Value(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 and <= MaxLength } text ? text : null;
}
