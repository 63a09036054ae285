using System.Collections.Immutable;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>The keys about pages of other origins.</summary>
internal static class CorsSchema
{
    public static readonly ConfigurationKey<bool> Enabled = new(
        "cors.enabled",
        ValueKinds.Switch,
        "let pages of other origins call; if false, the server answers for itself"
    )
    {
        Default = "true",
        Flag = "--cors",
        Reloads = true,
    };

    public static readonly ConfigurationKey<ImmutableArray<OriginPattern>> Origins = new(
        "cors.origins",
        ValueKinds.Origins,
        "whose pages may call: https://app.example.com, https://*.example.com, or * for all"
    )
    {
        Default = "*",
        Flag = "--cors-origin",
        Reloads = true,
    };

    public static readonly ConfigurationKey<ImmutableArray<string>> Methods = new(
        "cors.methods",
        ValueKinds.Names,
        "methods that pages may use"
    )
    {
        Default = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
        Reloads = true,
    };

    public static readonly ConfigurationKey<ImmutableArray<string>> AllowedHeaders = new(
        "cors.allowed_headers",
        ValueKinds.Names,
        "headers that pages may send besides those of MCP, or * for any"
    )
    {
        Reloads = true,
    };

    public static readonly ConfigurationKey<ImmutableArray<string>> ExposedHeaders = new(
        "cors.exposed_headers",
        ValueKinds.Names,
        "headers that pages may read besides those of MCP"
    )
    {
        Reloads = true,
    };

    public static readonly ConfigurationKey<bool> Credentials = new(
        "cors.credentials",
        ValueKinds.Switch,
        "whether pages of listed origins may send cookies; never those of all origins"
    )
    {
        Default = "true",
        Reloads = true,
    };

    public static readonly ConfigurationKey<TimeSpan> MaxAge = new(
        "cors.max_age",
        ValueKinds.Duration,
        "how long browsers may keep the answer to a preflight"
    )
    {
        Reloads = true,
    };
}
