using System.Net.Security;

namespace Tunnel.ProxyCore.Remote;

/// <summary>An MCP server on the network, and how a program that speaks over standard input and output reaches it.</summary>
public sealed record RemoteServerOptions
{
    /// <summary>The MCP endpoint.</summary>
    public required Uri Url { get; init; }

    /// <summary>Headers that every request gets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What the server speaks.</summary>
    public RemoteTransport Transport { get; init; }

    /// <summary>Judges the server's certificate; null leaves that to the platform.</summary>
    public RemoteCertificateValidationCallback? CertificateCheck { get; init; }

    /// <summary>The longest message in either direction, in bytes. Default 64 MiB.</summary>
    public int MaxMessage { get; init; } = 64 << 20;

    /// <summary>How many requests may be under way at once; further ones wait. Default 64.</summary>
    public int MaxCalls { get; init; } = 64;

    /// <summary>How long nothing at all may be heard of a request. Default 300 s.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long answers are waited for when the client has closed standard input. Default 30 s.</summary>
    public TimeSpan ClosingLimit { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How a server on the network is spoken to.</summary>
public enum RemoteTransport
{
    /// <summary>Streamable HTTP, and HTTP+SSE where the server turns out to be an older one.</summary>
    Auto,

    /// <summary>Streamable HTTP only.</summary>
    Http,

    /// <summary>HTTP+SSE of the revision 2024-11-05 only.</summary>
    Sse,
}
