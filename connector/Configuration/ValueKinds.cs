using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Tunnel.Connector.Cli;
using Tunnel.Connector.Configuration.Toml;
using Tunnel.Connector.Hosting;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.Connector.Configuration;

/// <summary>The kinds of values that keys of <see cref="ConfigurationSchema"/> have.</summary>
internal static class ValueKinds
{
    /// <summary>What waits longer than this is given up by the relay anyway.</summary>
    private static readonly double s_maxSeconds = McpProxyOptions.MaxUpstreamTimeout.TotalSeconds;

    public static readonly ValueKind<string> Text = new("text", "text", ParseText) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<string> FilePath = new("path", "file", ParseText) { TomlKinds = [TomlKind.String], IsPath = true };

    public static readonly ValueKind<Uri> Upstream = new("address", "address", ParseUpstream)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
    };

    public static readonly ValueKind<ImmutableArray<Uri>> Upstreams = new("list of addresses", "address", ParseUpstreams)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
        IsList = true,
    };

    public static readonly ValueKind<string> ServerName = new("name", "name", ParseServerName) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<Uri> Relay = new("URL", "url", ParseRelay) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<int> Port = new("port", "number", ParsePort) { TomlKinds = [TomlKind.Integer] };

    public static readonly ValueKind<IPAddress> Address = new("IP address", "address", ParseAddress) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<ImmutableArray<string>> Hosts = new("list of host names", "host", ParseHosts)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<TimeSpan> Duration = new("duration", "seconds", ParseDuration)
    {
        TomlKinds = [TomlKind.Integer, TomlKind.Float, TomlKind.String],
    };

    public static readonly ValueKind<TimeSpan> DurationOrOff = new("duration or off", "seconds", ParseDurationOrOff)
    {
        TomlKinds = Duration.TomlKinds,
    };

    public static readonly ValueKind<int> Bytes = new("bytes", "bytes", ParseBytes) { TomlKinds = [TomlKind.Integer] };

    public static readonly ValueKind<bool> Switch = new("true or false", "true|false", ParseSwitch) { TomlKinds = [TomlKind.Boolean] };

    private static bool ParseText(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        value = text;
        problem = text.Length > 0 ? null : "an empty text means nothing";
        return problem is null;
    }

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

        problem = value.IsEmpty ? "there is no address in it" : null;
        return problem is null;
    }

    private static bool ParseServerName(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        value = text;
        problem = McpServerName.FindProblem(text);
        return problem is null;
    }

    private static bool ParseRelay(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
    {
        value = RelayAddress.Parse(text, out problem);
        return problem is null && value is not null;
    }

    private static bool ParsePort(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var isPort = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= IPEndPoint.MaxPort;
        problem = isPort ? null : $"'{text}' is no port; ports are 1 to 65535, and 0 picks a free one";
        return isPort;
    }

    private static bool ParseAddress(string text, [MaybeNullWhen(false)] out IPAddress value, [NotNullWhen(false)] out string? problem)
    {
        // IPAddress would read a plain number as an address too.
        value =
            text.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : text.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(text, out var address) ? address
            : null;
        problem = value is null ? $"'{text}' is no IP address; 127.0.0.1 is this machine only, 0.0.0.0 every interface" : null;
        return problem is null;
    }

    private static bool ParseHosts(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = [.. text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        var wrong = value.FirstOrDefault(host => AllowedHosts.NameOf(host) is null);
        problem = wrong is null ? null : $"'{wrong}' is no host name; it looks like app.example.com, without scheme and port";
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

    private static bool ParseBytes(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        problem = isNumber ? null : $"'{text}' is no number of bytes from 0 to {int.MaxValue}";
        return isNumber;
    }

    private static bool ParseSwitch(string text, out bool value, [NotNullWhen(false)] out string? problem)
    {
        value = text is "true" or "1";
        problem = value || text is "false" or "0" ? null : $"'{text}' is neither true nor false";
        return problem is null;
    }
}
