using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Tunnel.Connector.Cli;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Admin;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Widgets;

namespace Tunnel.Connector.Configuration;

/// <summary>How addresses, host names and origins are written. <see cref="ValueKinds"/> names the kinds.</summary>
internal static class AddressValues
{
    public static bool ParseUpstream(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
    {
        value = UpstreamAddress.Parse(text, out problem);
        return problem is null && value is not null;
    }

    public static bool ParseUpstreams(string text, out ImmutableArray<Uri> value, [NotNullWhen(false)] out string? problem)
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

    public static bool ParseOrigin(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
    {
        value = RelayAddress.Parse(text, out problem);
        return problem is null && value is not null;
    }

    public static bool ParseRelays(string text, out ImmutableArray<Uri> value, [NotNullWhen(false)] out string? problem)
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

    public static bool ParseHosts(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = CommonKinds.ItemsOf(text);
        var wrong = value.FirstOrDefault(host => AllowedHosts.NameOf(host) is null);
        problem = wrong is null ? null : $"'{wrong}' is no host name; it looks like app.example.com, without scheme and port";
        return problem is null;
    }

    public static bool ParseOrigins(string text, out ImmutableArray<OriginPattern> value, [NotNullWhen(false)] out string? problem)
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

    public static bool ParseHttpsOrigin(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
    {
        var isOrigin = CspSource.TryParse(text, out var source, out _) && source is { Scheme: "https", Path: "" };
        value = isOrigin && Uri.TryCreate(source!.ToString(), UriKind.Absolute, out var uri) ? uri : null;
        problem = value is null ? $"'{text}' is no https origin; it looks like https://app.example.com" : null;
        return problem is null;
    }

    public static bool ParsePathOrOff(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        value = text;
        var isPath =
            text is ['/', not '/', ..]
            && Uri.TryCreate("http://localhost" + text, UriKind.Absolute, out var uri)
            && uri.PathAndQuery == text;
        problem = isPath || text == "off" ? null : $"'{text}' is neither a path, such as /mcp, nor off";
        return problem is null;
    }

    public static bool ParseDashboard(
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
}
