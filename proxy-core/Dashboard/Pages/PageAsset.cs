using Microsoft.Net.Http.Headers;

namespace Tunnel.ProxyCore.Dashboard.Pages;

/// <summary>A file of the pages, as it is served.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Tag">Its entity tag, from its hash.</param>
public sealed record PageAsset(ReadOnlyMemory<byte> Content, string ContentType, EntityTagHeaderValue Tag);
