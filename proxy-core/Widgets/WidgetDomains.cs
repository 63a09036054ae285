using System.Security.Cryptography;
using System.Text;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// The origin of its own that a widget asks its host for (<c>_meta.ui.domain</c>, <c>_meta["openai/widgetDomain"]</c>). Hosts do not agree on
/// what it is, and Claude refuses a widget that says what ChatGPT wants.
/// </summary>
internal sealed class WidgetDomains
{
    private const string ClaudeSuffix = ".claudemcpcontent.com";

    private readonly WidgetHost _host;

    /// <param name="host">Who asks.</param>
    /// <param name="calledUrl">The URL of the MCP server as the client called it; null where hosts cannot call.</param>
    /// <param name="configured">The origin that the operator wants ChatGPT to use.</param>
    /// <param name="publicOrigin">What it is without.</param>
    public WidgetDomains(WidgetHost host, string? calledUrl, Uri? configured, CspSource? publicOrigin)
    {
        _host = host;
        Claude = calledUrl is null ? null : ClaudeDomain(calledUrl);
        ChatGpt =
            configured?.GetLeftPart(UriPartial.Authority)
            ?? (publicOrigin is { Scheme: "https", IsLoopback: false } ? publicOrigin.ToString() : null);
    }

    /// <summary>What Claude accepts for this server, besides none at all; null where it can have none.</summary>
    public string? Claude { get; }

    /// <summary>The https origin for ChatGPT, null where there is none.</summary>
    public string? ChatGpt { get; }

    /// <summary>The first 32 hexadecimal digits of the SHA-256 of the connector's URL, exactly as it was entered (ext-apps, "CSP and CORS").</summary>
    public static string ClaudeDomain(string url) =>
        string.Concat(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url))).AsSpan(0, 32), ClaudeSuffix);

    /// <summary>What <c>ui.domain</c> is to be where the server has one; null for none, which every host accepts.</summary>
    public string? InPlaceOf(string declared) =>
        _host switch
        {
            WidgetHost.Claude => Claude,
            WidgetHost.ChatGpt => ChatGpt,
            // Nobody can tell what it would make of it, except that what Claude accepts is well-formed.
            _ => declared == Claude ? declared : null,
        };

    /// <summary>What <c>openai/widgetDomain</c> is to be.</summary>
    /// <param name="declared">What it is; null where the server has none.</param>
    /// <returns>Null to leave it.</returns>
    public string? OpenAi(string? declared) =>
        declared is null && _host != WidgetHost.ChatGpt ? null
        : ChatGpt is { } origin ? origin
        : declared is not null && CspSource.TryParse(declared, out var source, out _) && source.Scheme == "https" ? source.ToString()
        : null;
}
