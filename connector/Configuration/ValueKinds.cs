using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Servers.Offers;
using Tunnel.ProxyCore.Widgets;

namespace Tunnel.Connector.Configuration;

/// <summary>The kinds of values that keys of <see cref="ConfigurationSchema"/> have.</summary>
internal static class ValueKinds
{
    /// <summary>What waits longer than this is given up by the relay anyway.</summary>
    private static readonly double s_maxSeconds = McpProxyOptions.MaxUpstreamTimeout.TotalSeconds;

    private static readonly TimeSpan s_leastAge = TimeSpan.FromMinutes(1);

    /// <summary>An empty history takes a part of this.</summary>
    private const long LeastSize = 1 << 20;

    public static readonly ValueKind<string> Text = CommonKinds.Text;

    public static readonly ValueKind<string> FilePath = CommonKinds.FilePath;

    public static readonly ValueKind<WidgetAddress> Widgets = new("URL or folder", "url|folder", ParseWidgets)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
        IsPath = WidgetAddress.IsFolder,
    };

    public static readonly ValueKind<Uri> Upstream = new("address", "address", ParseUpstream)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
    };

    public static readonly ValueKind<ImmutableArray<Uri>> Upstreams = new("list of addresses", "address", ParseUpstreams)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<string>> Patterns = new("list of patterns", "pattern", ParsePatterns)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<Renaming>> Renamings = new("list of renamings", "renaming", ParseRenamings)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<string> ServerName = new("name", "name", ParseServerName) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<ImmutableArray<Uri>> Relays = new("list of URLs", "url", ParseRelays)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<int> Port = new("port", "number", ListenAddress.ParsePort) { TomlKinds = [TomlKind.Integer] };

    public static readonly ValueKind<IPAddress> Address = new("IP address", "address", ListenAddress.ParseHost)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<ImmutableArray<string>> Hosts = new("list of host names", "host", ParseHosts)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<IPNetwork>> Networks = CommonKinds.Networks;

    public static readonly ValueKind<ImmutableArray<OriginPattern>> Origins = new("list of origins", "origin", ParseOrigins)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<string>> Names = new("list of names", "name", ParseNames)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<CspSource>> CspSources = new("list of sources", "source", ParseCspSources)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<CspMode> CspMode = new("extend or replace", "mode", ParseCspMode) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<Uri> HttpsOrigin = new("https origin", "origin", ParseHttpsOrigin) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<TimeSpan> Duration = new("duration", "seconds", ParseDuration)
    {
        TomlKinds = [TomlKind.Integer, TomlKind.Float, TomlKind.String],
    };

    public static readonly ValueKind<TimeSpan> DurationOrOff = new("duration or off", "seconds", ParseDurationOrOff)
    {
        TomlKinds = Duration.TomlKinds,
    };

    /// <summary>An option of this kind can stand alone, which means true.</summary>
    public static readonly ValueKind<DashboardPlace> Dashboard = new("true, false or port", "port", ParseDashboard)
    {
        TomlKinds = [TomlKind.Boolean, TomlKind.Integer, TomlKind.String],
    };

    /// <summary>A time for which something is kept.</summary>
    public static readonly ValueKind<TimeSpan> Age = new("age", "age", ParseAge) { TomlKinds = Duration.TomlKinds };

    /// <summary>How large something on a disk may become.</summary>
    public static readonly ValueKind<long> Size = new("size", "size", ParseSize) { TomlKinds = [TomlKind.Integer, TomlKind.String] };

    public static readonly ValueKind<int> Bytes = new("bytes", "bytes", ParseBytes) { TomlKinds = [TomlKind.Integer] };

    public static readonly ValueKind<int> Number = CommonKinds.Number;

    public static readonly ValueKind<int> Count = new("number from 1", "number", ParseCount) { TomlKinds = [TomlKind.Integer] };

    public static readonly ValueKind<IReadOnlyList<string>> Command = new("command", "command", ParseCommand)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<ImmutableArray<string>> VariableNames = new("list of variables", "variable", ParseVariableNames)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<SessionMode> SessionMode = CommonKinds.Choice<SessionMode>();

    public static readonly ValueKind<ProgramProtocol> ProgramProtocol = CommonKinds.Choice<ProgramProtocol>();

    public static readonly ValueKind<string> PathOrOff = new("path of a URL or off", "path", ParsePathOrOff)
    {
        TomlKinds = [TomlKind.String],
    };

    public static readonly ValueKind<bool> Switch = CommonKinds.Switch;

    public static readonly ValueKind<IPEndPoint> EndPoint = CommonKinds.EndPoint;

    public static readonly ValueKind<ColorChoice> Color = CommonKinds.Choice<ColorChoice>();

    public static readonly ValueKind<LogDetail> LogDetail = CommonKinds.Choice<LogDetail>();

    private static bool ParseUpstream(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
    {
        value = UpstreamAddress.Parse(text, out problem);
        return problem is null && value is not null;
    }

    private static bool ParseUpstreams(string text, out ImmutableArray<Uri> value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = ([], null);
        foreach (var item in text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!ParseUpstream(item, out var upstream, out problem))
            {
                return false;
            }

            value = value.Add(upstream);
        }

        var path = value.IsEmpty ? null : value[0].AbsolutePath;
        problem =
            path is null ? "there is no address in it"
            : value.Any(upstream => upstream.AbsolutePath != path) ? "all addresses of one server must have the same path"
            : null;
        return problem is null;
    }

    private static bool ParsePatterns(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = [.. text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        problem = null;
        return true;
    }

    private static bool ParseRenamings(string text, out ImmutableArray<Renaming> value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = ([], null);
        foreach (var item in text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Renaming.TryParse(item, out var renaming))
            {
                problem = $"'{item}' is no renaming; it looks like 'search -> find_files' or '* -> files_*'";
                return false;
            }

            value = value.Add(renaming);
        }

        return true;
    }

    private static bool ParseServerName(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        value = text;
        problem = McpServerName.FindProblem(text);
        return problem is null;
    }

    private static bool ParseWidgets(string text, [MaybeNullWhen(false)] out WidgetAddress value, [NotNullWhen(false)] out string? problem)
    {
        value = WidgetAddress.Parse(text, out problem);
        return problem is null && value is not null;
    }

    private static bool ParseRelays(string text, out ImmutableArray<Uri> value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = ([], null);
        foreach (var item in CommonKinds.ItemsOf(text))
        {
            if (RelayAddress.Parse(item, out problem) is not { } relay)
            {
                problem ??= $"'{item}' is no address of a relay";
                return false;
            }

            value = value.Add(relay);
        }

        // Whoever keeps connections from the one with TLS would get the credential in the clear from the other.
        var isMixed = value.DistinctBy(relay => relay.Scheme, StringComparer.Ordinal).Skip(1).Any();
        problem =
            value.IsEmpty ? "there is no address of a relay in it"
            : isMixed ? "its addresses have to be all https or all http"
            : null;
        return problem is null;
    }

    private static bool ParseHosts(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = CommonKinds.ItemsOf(text);
        var wrong = value.FirstOrDefault(host => AllowedHosts.NameOf(host) is null);
        problem = wrong is null ? null : $"'{wrong}' is no host name; it looks like app.example.com, without scheme and port";
        return problem is null;
    }

    private static bool ParseOrigins(string text, out ImmutableArray<OriginPattern> value, [NotNullWhen(false)] out string? problem)
    {
        value = [];
        problem = null;
        foreach (var item in CommonKinds.ItemsOf(text))
        {
            if (!OriginPattern.TryParse(item, out var origin))
            {
                problem = $"'{item}' is no origin; it looks like https://app.example.com, without a path";
                return false;
            }

            value = value.Add(origin);
        }

        return true;
    }

    private static bool ParseCspSources(string text, out ImmutableArray<CspSource> value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = ([], null);
        foreach (var item in CommonKinds.ItemsOf(text))
        {
            if (!CspSource.TryParse(item, out var source, out var fault))
            {
                problem = $"'{item}' {fault}";
                return false;
            }

            value = value.Add(source);
        }

        return true;
    }

    private static bool ParseCspMode(string text, out CspMode value, [NotNullWhen(false)] out string? problem)
    {
        value = text == "replace" ? ProxyCore.Widgets.CspMode.Replace : ProxyCore.Widgets.CspMode.Extend;
        problem = text is "extend" or "replace" ? null : $"'{text}' is neither extend nor replace";
        return problem is null;
    }

    private static bool ParseHttpsOrigin(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
    {
        var isOrigin = CspSource.TryParse(text, out var source, out _) && source is { Scheme: "https", Path: "" };
        value = isOrigin && Uri.TryCreate(source!.ToString(), UriKind.Absolute, out var uri) ? uri : null;
        problem = value is null ? $"'{text}' is no https origin; it looks like https://app.example.com" : null;
        return problem is null;
    }

    /// <summary>Names of headers or methods (token of RFC 9110 section 5.6.2).</summary>
    private static bool ParseNames(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = CommonKinds.ItemsOf(text);
        var wrong = value.FirstOrDefault(name => !HttpStrictness.IsToken(name));
        problem = wrong is null ? null : $"'{wrong}' has characters that no name in HTTP has";
        return problem is null;
    }

    /// <summary><c>300</c>, <c>1.5</c>, <c>300s</c>, <c>500ms</c>, <c>5m</c> or <c>1h</c>.</summary>
    private static bool ParseDuration(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        var (number, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            [.., 's'] => (text[..^1], 1),
            [.., 'm'] => (text[..^1], 60),
            [.., 'h'] => (text[..^1], 3600),
            _ => (text, 1.0),
        };
        var isNumber = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount);
        var seconds = amount * unit;
        var isDuration = isNumber && seconds >= 0.001 && seconds <= s_maxSeconds;
        value = isDuration ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        problem = isDuration ? null : $"'{text}' is no positive number of seconds up to {s_maxSeconds}; 300, 300s and 5m are the same";
        return isDuration;
    }

    /// <summary>As <see cref="ParseDuration"/>; <c>off</c> and <c>0</c> are zero.</summary>
    private static bool ParseDurationOrOff(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        if (text is "off" or "0")
        {
            value = TimeSpan.Zero;
            problem = null;
            return true;
        }

        return ParseDuration(text, out value, out problem);
    }

    private static bool ParseDashboard(
        string text,
        [MaybeNullWhen(false)] out DashboardPlace value,
        [NotNullWhen(false)] out string? problem
    )
    {
        value = null;
        if (text is "true" or "false")
        {
            problem = null;
            value = new DashboardPlace(IsOn: text == "true", EndPoint: null);
        }
        else if (ListenAddress.ParseEndPoint(text, out var endpoint, out problem))
        {
            // It shows what goes through, and can send it again.
            problem = IPAddress.IsLoopback(endpoint.Address) ? null : $"'{text}' is not on loopback; reach it from elsewhere with ssh -L";
            value = new DashboardPlace(IsOn: true, endpoint);
        }

        return problem is null;
    }

    private static bool ParseAge(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        var isAge = Durations.TryParse(text, out value) && value >= s_leastAge;
        problem = isAge ? null : $"'{text}' is no time of a minute or more; it looks like 7d, 12h or 90m";
        return isAge;
    }

    private static bool ParseSize(string text, out long value, [NotNullWhen(false)] out string? problem)
    {
        var isSize = Sizes.TryParse(text, out value) && value >= LeastSize;
        problem = isSize ? null : $"'{text}' is no size of 1 MiB or more; it looks like 256MiB or 1GiB";
        return isSize;
    }

    private static bool ParseBytes(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        problem = isNumber ? null : $"'{text}' is no number of bytes from 0 to {int.MaxValue}";
        return isNumber;
    }

    private static bool ParsePathOrOff(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        value = text;
        var isPath =
            text is ['/', not '/', ..]
            && Uri.TryCreate("http://localhost" + text, UriKind.Absolute, out var uri)
            && uri.PathAndQuery == text;
        problem = isPath || text == "off" ? null : $"'{text}' is neither a path, such as /mcp, nor off";
        return problem is null;
    }

    private static bool ParseCount(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;
        problem = isNumber ? null : $"'{text}' is no number from 1 to {int.MaxValue}";
        return isNumber;
    }

    private static bool ParseCommand(
        string text,
        [MaybeNullWhen(false)] out IReadOnlyList<string> value,
        [NotNullWhen(false)] out string? problem
    ) => CommandWords.TrySplit(text, out value, out problem);

    private static bool ParseVariableNames(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = CommonKinds.ItemsOf(text);
        var wrong = value.FirstOrDefault(name => name.Contains('=', StringComparison.Ordinal));
        problem = wrong is null
            ? null
            : $"'{wrong}' has a value in it; name the variable only, its value comes from mcpr's own environment";
        return problem is null;
    }
}
