using System.Globalization;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>What can be said of one finished exchange. There is no place in it for parameters, results, bodies or header values.</summary>
public sealed record ExchangeRecord
{
    /// <summary>When the request's headers were there.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required string HttpMethod { get; init; }

    /// <summary>The status sent to the caller, or 0 when it left before there was one.</summary>
    public required int Status { get; init; }

    /// <summary>Whether the caller did not get the whole response.</summary>
    public required bool IsCutShort { get; init; }

    /// <summary>Whether it was the server's side that broke off in the middle; a caller that leaves an event stream is no failure.</summary>
    public bool IsBroken { get; init; }

    /// <summary>Bytes of the request body.</summary>
    public required long RequestBytes { get; init; }

    /// <summary>Bytes of the response body.</summary>
    public required long ResponseBytes { get; init; }

    /// <summary>Whether what widgets may load was changed in the response.</summary>
    public bool IsCspApplied { get; init; }

    /// <summary>From the request's headers to the end of the response.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>The part of <see cref="Total"/> spent on the MCP server; the rest is ours.</summary>
    public required TimeSpan Upstream { get; init; }

    /// <summary>The part of <see cref="Total"/> until the request body was read as far as it is looked into.</summary>
    public TimeSpan Reading { get; init; }

    /// <summary>The part of <see cref="Upstream"/> until the headers of the response were there.</summary>
    public TimeSpan Waiting { get; init; }

    /// <summary>The time that rules took which change the response; a part of <see cref="Upstream"/>, but where a folder of widgets answers.</summary>
    public TimeSpan Rewriting { get; init; }

    /// <summary>What came before <see cref="StartedAt"/>; null where there was no tunnel.</summary>
    public TunnelTimes? Tunnel { get; init; }

    /// <summary>The MCP server it was for: its name, or without one its address as <c>localhost:9000</c>; null where it was for none.</summary>
    public string? Server { get; init; }

    /// <summary>Tells this exchange from all others of this process; error answers carry it too.</summary>
    public required string RequestId { get; init; }

    /// <summary>The MCP session: the header of its name, or what a host without one sends in its place.</summary>
    public string? Session { get; init; }

    /// <summary>The MCP client, as <see cref="Clients.ClientIdentity"/> knows it.</summary>
    public string? Client { get; init; }

    /// <summary>The client's own version.</summary>
    public string? ClientVersion { get; init; }

    /// <summary>The protocol revision that the client speaks.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>Who stands behind the call where the host says so, hashed: the same person has the same value, and nobody can be read from it.</summary>
    public string? User { get; init; }

    /// <summary>The MCP method, or null where the request was no JSON-RPC.</summary>
    public string? McpMethod { get; init; }

    /// <summary>The tool or prompt that was asked for.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Of how many messages the batch was that this one came in, or null. Every message has a record of its own, up to
    /// <see cref="JsonRpc.JsonRpcReader.MaxBatch"/>; sizes and times are those of the whole batch.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>The HTTP version that the caller spoke: 1.1 or 2, and 2 through a tunnel.</summary>
    public string? HttpVersion { get; init; }

    /// <summary>The JSON-RPC error code of the response.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>The JSON-RPC error message of the response.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Whether the tool said that it failed (<c>isError</c>), which no status or error code shows.</summary>
    public bool IsToolError { get; init; }

    /// <summary>The code of our own error answer, such as E4101.</summary>
    public string? ProxyError { get; init; }

    /// <summary>The path of the widget page that was served, without its query; null for everything else.</summary>
    public string? WidgetPage { get; init; }

    /// <summary>
    /// What went wrong, from a small set of words: <c>tool_error</c>, the JSON-RPC error code, the code of our own error, the HTTP status,
    /// <c>cut_short</c> where the server's side broke off, <c>caller_left</c> where the caller went before there was an answer. Null is success.
    /// </summary>
    public string? Failure =>
        IsToolError ? "tool_error"
        : ErrorCode is { } code ? code.ToString(CultureInfo.InvariantCulture)
        : ProxyError is not null ? ProxyError
        : Status >= 400 ? Status.ToString(CultureInfo.InvariantCulture)
        : IsBroken ? "cut_short"
        : Status == 0 ? "caller_left"
        : null;

    /// <summary>Where the exchange went: the upstream's URL with this request's path, without its query.</summary>
    public required string Target { get; init; }
}
