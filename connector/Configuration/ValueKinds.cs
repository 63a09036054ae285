using System.Collections.Immutable;
using System.Net;
using Tunnel.Connector.Cli;
using Tunnel.Connector.Hosting;
using Tunnel.Connector.Logging;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Admin;
using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Configuration.Toml;
using Tunnel.ProxyCore.Servers.Offers;
using Tunnel.ProxyCore.Widgets;

namespace Tunnel.Connector.Configuration;

/// <summary>The kinds of values that keys of <see cref="ConfigurationSchema"/> have.</summary>
internal static class ValueKinds
{
    public static readonly ValueKind<string> Text = CommonKinds.Text;

    public static readonly ValueKind<string> FilePath = CommonKinds.FilePath;

    public static readonly ValueKind<WidgetAddress> Widgets = new("URL or folder", "url|folder", WidgetValues.ParseWidgets)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
        IsPath = WidgetAddress.IsFolder,
    };

    public static readonly ValueKind<Uri> Upstream = new("address", "address", AddressValues.ParseUpstream)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
    };

    public static readonly ValueKind<ImmutableArray<Uri>> Upstreams = new("list of addresses", "address", AddressValues.ParseUpstreams)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<string>> Patterns = new("list of patterns", "pattern", ServerValues.ParsePatterns)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<Renaming>> Renamings = new("list of renamings", "renaming", ServerValues.ParseRenamings)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<string> ServerName = new("name", "name", ServerValues.ParseServerName)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<Uri> Origin = new("URL", "url", AddressValues.ParseOrigin) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<ImmutableArray<Uri>> Relays = new("list of URLs", "url", AddressValues.ParseRelays)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<int> Port = new("port", "number", ListenAddress.ParsePort) { TomlKinds = [TomlKind.Integer] };

    public static readonly ValueKind<IPAddress> Address = new("IP address", "address", ListenAddress.ParseHost)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<ImmutableArray<string>> Hosts = new("list of host names", "host", AddressValues.ParseHosts)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<IPNetwork>> Networks = CommonKinds.Networks;

    public static readonly ValueKind<ImmutableArray<OriginPattern>> Origins = new("list of origins", "origin", AddressValues.ParseOrigins)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<string>> Names = new("list of names", "name", ServerValues.ParseNames)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<CspSource>> CspSources = new("list of sources", "source", WidgetValues.ParseCspSources)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<CspMode> CspMode = new("extend or replace", "mode", WidgetValues.ParseCspMode)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<Uri> HttpsOrigin = new("https origin", "origin", AddressValues.ParseHttpsOrigin)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<TimeSpan> Duration = new("duration", "seconds", MeasureValues.ParseDuration)
    {
        TomlKinds = [TomlKind.Integer, TomlKind.Float, TomlKind.String],
    };

    public static readonly ValueKind<TimeSpan> DurationOrOff = new("duration or off", "seconds", MeasureValues.ParseDurationOrOff)
    {
        TomlKinds = Duration.TomlKinds,
    };

    /// <summary>An option of this kind can stand alone, which means true.</summary>
    public static readonly ValueKind<DashboardPlace> Dashboard = new("true, false or port", "port", AddressValues.ParseDashboard)
    {
        TomlKinds = [TomlKind.Boolean, TomlKind.Integer, TomlKind.String],
    };

    /// <summary>A time for which something is kept.</summary>
    public static readonly ValueKind<TimeSpan> Age = new("age", "age", MeasureValues.ParseAge) { TomlKinds = Duration.TomlKinds };

    /// <summary>How large something on a disk may become.</summary>
    public static readonly ValueKind<long> Size = new("size", "size", MeasureValues.ParseSize)
    {
        TomlKinds = [TomlKind.Integer, TomlKind.String],
    };

    public static readonly ValueKind<int> Bytes = new("bytes", "bytes", MeasureValues.ParseBytes) { TomlKinds = [TomlKind.Integer] };

    public static readonly ValueKind<int> Number = CommonKinds.Number;

    public static readonly ValueKind<int> Count = new("number from 1", "number", MeasureValues.ParseCount)
    {
        TomlKinds = [TomlKind.Integer],
    };

    public static readonly ValueKind<IReadOnlyList<string>> Command = new("command", "command", ServerValues.ParseCommand)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<ImmutableArray<string>> VariableNames = new(
        "list of variables",
        "variable",
        ServerValues.ParseVariableNames
    )
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<SessionMode> SessionMode = CommonKinds.Choice<SessionMode>();

    public static readonly ValueKind<ProgramProtocol> ProgramProtocol = CommonKinds.Choice<ProgramProtocol>();

    public static readonly ValueKind<string> PathOrOff = new("path of a URL or off", "path", AddressValues.ParsePathOrOff)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<bool> Switch = CommonKinds.Switch;

    public static readonly ValueKind<IPEndPoint> EndPoint = CommonKinds.EndPoint;

    public static readonly ValueKind<ColorChoice> Color = CommonKinds.Choice<ColorChoice>();

    public static readonly ValueKind<LogDetail> LogDetail = CommonKinds.Choice<LogDetail>();
}
