using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using Tunnel.Connector.Cli;
using Tunnel.Connector.Logging;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>
/// Everything that can be set, one key per field. Flags, variables, files, <c>mcpr config show</c> and the table in docs/config.md come
/// from here, and from the files beside it for whole groups of keys: a new key is a field, a row in that table, and the place that reads it.
/// </summary>
internal static class ConfigurationSchema
{
    public static readonly ConfigurationKey<ImmutableArray<Uri>> Mcp = new(
        "mcp",
        ValueKinds.Upstreams,
        "the MCP server: 9000, localhost:9000 or http://host:port/path; several addresses of it are balanced"
    )
    {
        Flag = "--mcp",
    };

    public static readonly ConfigurationKey<WidgetAddress> Widgets = new(
        "widgets",
        ValueKinds.Widgets,
        "where widgets come from: a dev server, such as http://localhost:5173, or a folder"
    )
    {
        Flag = "--widgets",
    };

    public static readonly ConfigurationKey<IReadOnlyList<string>> Command = new(
        "command",
        ValueKinds.Command,
        "the MCP server as a program that speaks over standard input and output, with its arguments"
    );

    public static readonly ConfigurationKey<int> Port = new("port", ValueKinds.Port, "port to listen on locally, 0 for a free one")
    {
        Flag = "--port",
    };

    public static readonly ConfigurationKey<IPAddress> Bind = new("bind", ValueKinds.Address, "address to listen on locally")
    {
        Default = "127.0.0.1",
        Flag = "--bind",
    };

    public static readonly ConfigurationKey<string> TlsCert = new(
        "tls_cert",
        ValueKinds.FilePath,
        "certificate chain (PEM) for the local port; read again when it changes"
    )
    {
        Flag = "--tls-cert",
    };

    public static readonly ConfigurationKey<string> TlsKey = new("tls_key", ValueKinds.FilePath, "private key (PEM) of that certificate")
    {
        Flag = "--tls-key",
    };

    public static readonly ConfigurationKey<ImmutableArray<string>> AllowHost = new(
        "allow_host",
        ValueKinds.Hosts,
        "further names that Host and Origin may have on the local port"
    )
    {
        Flag = "--allow-host",
    };

    public static readonly ConfigurationKey<Uri> PublicUrl = new(
        "public_url",
        ValueKinds.Upstream,
        "where callers outside reach the local port, if something in front of it ends TLS"
    )
    {
        Flag = "--public-url",
        Reloads = true,
    };

    public static readonly ConfigurationKey<ImmutableArray<Uri>> Relay = new(
        "tunnel.relay",
        ValueKinds.Relays,
        "the relay, such as https://tunnel.example.com; of one that is reached at several addresses, all of them, to be tried in turn"
    )
    {
        Flag = "--relay",
        VariableAlias = "MCPR_RELAY",
    };

    public static readonly ConfigurationKey<string> RelayCa = new(
        "tunnel.relay_ca",
        ValueKinds.FilePath,
        "certificates (PEM) of the only authorities that may have issued the relay's; if not set, those that this machine trusts"
    )
    {
        Flag = "--relay-ca",
    };

    public static readonly ConfigurationKey<string> TunnelName = new(
        "tunnel.name",
        ValueKinds.Text,
        "the name in the public URL; without one, the same as last time"
    )
    {
        Flag = "--name",
    };

    public static readonly ConfigurationKey<bool> TunnelJoin = new(
        "tunnel.join",
        ValueKinds.Switch,
        "share the name with other connectors of yours that say so too; each request goes to one of them"
    )
    {
        Default = "false",
        Flag = "--join",
    };

    public static readonly ConfigurationKey<TimeSpan> UpstreamTimeout = new(
        "limits.upstream_timeout",
        ValueKinds.Duration,
        "how long the server may take until it answers"
    )
    {
        Default = "300s",
        Flag = "--upstream-timeout",
        Reloads = true,
    };

    public static readonly ConfigurationKey<TimeSpan> ConnectTimeout = new(
        "limits.connect_timeout",
        ValueKinds.Duration,
        "how long a connection to the server may take to open"
    )
    {
        Default = "10s",
        Reloads = true,
    };

    public static readonly ConfigurationKey<int> InspectedBody = new(
        "limits.inspected_body",
        ValueKinds.Bytes,
        "largest message that is looked into; larger ones pass as they are"
    )
    {
        Default = "4194304",
        Reloads = true,
    };

    public static readonly ConfigurationKey<TimeSpan> KeepAlive = new(
        "limits.keep_alive",
        ValueKinds.DurationOrOff,
        "silence after which an event stream gets a comment, so that nobody gives it up; off for none"
    )
    {
        Default = "15s",
        Reloads = true,
    };

    public static readonly ConfigurationKey<string> ApiKeyFile = new(
        "api_key_file",
        ValueKinds.FilePath,
        "file with the keys of which callers have to show one, a line each"
    )
    {
        Flag = "--api-key-file",
    };

    public static readonly ConfigurationKey<bool> ApiKeyInQuery = new(
        "api_key_in_query",
        ValueKinds.Switch,
        "callers may show their key in the query too, as auth_key; URLs get into logs and histories"
    )
    {
        Default = "false",
    };

    public static readonly ConfigurationKey<ImmutableArray<IPNetwork>> AllowIp = new(
        "allow_ip",
        ValueKinds.Networks,
        "networks from which callers may call, such as 192.0.2.0/24; from anywhere if not set"
    )
    {
        Flag = "--allow-ip",
        Reloads = true,
    };

    public static readonly ConfigurationKey<bool> Ping = new("ping", ValueKinds.Switch, "answer GET /ping with pong, without a key")
    {
        Default = "true",
        Reloads = true,
    };

    public static readonly ConfigurationKey<bool> EndpointPage = new(
        "endpoint_page",
        ValueKinds.Switch,
        "tell people who open the endpoint in a browser what to do with its URL"
    )
    {
        Default = "true",
        Reloads = true,
    };

    public static readonly ConfigurationKey<bool> Events = new("events", ValueKinds.Switch, "a JSON object per exchange on standard output")
    {
        Default = "false",
        Flag = "--events",
    };

    public static readonly ConfigurationKey<IPEndPoint> Admin = new(
        "admin",
        ValueKinds.EndPoint,
        "where /metrics, /healthz and /readyz are answered, such as 9464; nowhere if not set"
    )
    {
        Flag = "--admin",
    };

    public static readonly ConfigurationKey<ColorChoice> Color = new("color", ValueKinds.Color, "whether lines for people have colours")
    {
        Default = "auto",
        Flag = "--color",
    };

    public static readonly ConfigurationKey<LogDetail> LogLevel = new(
        "log.level",
        ValueKinds.LogDetail,
        "what of its own workings mcpr tells on standard error"
    )
    {
        Default = "warning",
        Flag = "--log-level",
        Reloads = true,
    };

    public static readonly ConfigurationTables Servers = new("server", "an MCP server of several, reached under its name: /NAME/mcp")
    {
        Flag = "--server",
        ShortForm = "NAME=ADDRESS",
    };

    public static readonly ConfigurationKey<string> ServerName = new("server.name", ValueKinds.ServerName, "the first part of its paths")
    {
        IsRequired = true,
    };

    public static readonly ConfigurationKey<ImmutableArray<Uri>> ServerUrl = new(
        "server.url",
        ValueKinds.Upstreams,
        "where it is; several addresses of it are balanced"
    );

    public static readonly ConfigurationKey<IReadOnlyList<string>> ServerCommand = new(
        "server.command",
        ValueKinds.Command,
        "the program that it is, in place of a url, with its arguments"
    );

    private static readonly ImmutableArray<ConfigurationEntry> s_entries =
    [
        .. FieldsOf(typeof(ConfigurationSchema)),
        .. FieldsOf(typeof(StdioSchema)),
        .. FieldsOf(typeof(CorsSchema)),
        .. FieldsOf(typeof(CspSchema)),
        .. FieldsOf(typeof(HistorySchema)),
        .. FieldsOf(typeof(DashboardSchema)),
        .. FieldsOf(typeof(CloudSchema)),
        .. OfferSchema.All,
    ];

    /// <summary>All tables of which there can be many, in the order of this file.</summary>
    public static readonly ImmutableArray<ConfigurationTables> Tables = [.. s_entries.OfType<ConfigurationTables>()];

    /// <summary>All keys that there are once, in the order of this file.</summary>
    public static readonly ImmutableArray<ConfigurationKey> Keys =
    [
        .. s_entries.OfType<ConfigurationKey>().Where(key => !Tables.Any(tables => tables.Has(key))),
    ];

    /// <summary>What options and variables can set.</summary>
    public static readonly ImmutableArray<ConfigurationEntry> SettableByText =
    [
        .. Keys,
        .. Tables.Where(tables => tables.ShortForm is not null),
    ];

    /// <summary>The keys of one of the tables.</summary>
    public static ImmutableArray<ConfigurationKey> KeysOf(ConfigurationTables tables) =>
        [.. s_entries.OfType<ConfigurationKey>().Where(tables.Has)];

    private static IEnumerable<ConfigurationEntry> FieldsOf(Type schema) =>
        schema
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType.IsAssignableTo(typeof(ConfigurationEntry)))
            .OrderBy(field => field.MetadataToken)
            .Select(field => (ConfigurationEntry)field.GetValue(null)!);
}
