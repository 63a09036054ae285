using System.Collections.Immutable;

namespace Tunnel.ProxyCore.Captures;

/// <summary>A request and its response, as they are kept in memory for a while. Nothing of it goes to a disk, an event or the network by itself.</summary>
public sealed record CapturedExchange
{
    public required string RequestId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The MCP server, as events call it.</summary>
    public required string? Server { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query, without secrets.</summary>
    public required string Target { get; init; }

    public required string Host { get; init; }

    /// <summary>Without secrets.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> Headers { get; init; }

    public required CapturedBody Body { get; init; }

    public required int Status { get; init; }

    /// <summary>Without secrets.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> ResponseHeaders { get; init; }

    public required CapturedBody ResponseBody { get; init; }

    /// <summary>What it takes up.</summary>
    internal int Size => Body.Kept.Length + ResponseBody.Kept.Length + 4096;
}

/// <summary>A body, or its beginning.</summary>
/// <param name="Kept">What was kept, as it came.</param>
/// <param name="Bytes">How long it was.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="ContentEncoding">How it is coded.</param>
public sealed record CapturedBody(ReadOnlyMemory<byte> Kept, long Bytes, string? ContentType, string? ContentEncoding)
{
    public bool IsCut => Kept.Length < Bytes;
}
