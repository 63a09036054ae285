using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Tunnel.ProxyCore.Admin;
using Tunnel.ProxyCore.Configuration.Toml;

namespace Tunnel.ProxyCore.Configuration;

/// <summary>The kinds of values that mcpr and its relay both have.</summary>
public static class CommonKinds
{
    public static readonly ValueKind<string> Text = new("text", "text", ParseText) { TomlKinds = [TomlKind.String] };

    public static readonly ValueKind<string> FilePath = new("path", "file", ParseText)
    {
        TomlKinds = [TomlKind.String],
        IsPath = static _ => true,
    };

    public static readonly ValueKind<int> Number = new("number", "number", ParseNumber) { TomlKinds = [TomlKind.Integer] };

    public static readonly ValueKind<bool> Switch = new("true or false", "true|false", ParseSwitch) { TomlKinds = [TomlKind.Boolean] };

    public static readonly ValueKind<IPEndPoint> EndPoint = new("address and port", "address:port", ListenAddress.ParseEndPoint)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer],
    };

    public static readonly ValueKind<ImmutableArray<IPNetwork>> Networks = new("list of networks", "network", ParseNetworks)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    /// <summary>One of the names of an enumeration, in lower case.</summary>
    public static ValueKind<T> Choice<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToArray();
        var listed = $"{string.Join(", ", names[..^1])} or {names[^1]}";
        bool Parse(string text, out T value, [NotNullWhen(false)] out string? problem)
        {
            var index = Array.IndexOf(names, text);
            value = index < 0 ? default : Enum.GetValues<T>()[index];
            problem = index < 0 ? $"'{text}' is not one of {listed}" : null;
            return problem is null;
        }

        return new ValueKind<T>(listed, string.Join('|', names), Parse) { TomlKinds = [TomlKind.String] };
    }

    /// <summary>The items of a list in text, without empty ones.</summary>
    public static ImmutableArray<string> ItemsOf(string text) =>
        [.. text.Split(ValueKind.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static bool ParseText(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        value = text;
        problem = text.Length > 0 ? null : "an empty text means nothing";
        return problem is null;
    }

    /// <summary><c>192.0.2.0/24</c>, <c>2001:db8::/32</c>, or one address: <c>192.0.2.7</c>.</summary>
    private static bool ParseNetworks(string text, out ImmutableArray<IPNetwork> value, [NotNullWhen(false)] out string? problem)
    {
        value = [];
        problem = null;
        foreach (var item in ItemsOf(text))
        {
            if (NetworkOf(item) is not { } network)
            {
                problem = $"'{item}' is no network; it looks like 192.0.2.0/24, 2001:db8::/32 or 192.0.2.7";
                return false;
            }

            value = value.Add(network);
        }

        // Who writes a list wants a guard; an empty one would be an open door.
        problem = value.IsEmpty ? "an empty list would let everybody in" : null;
        return problem is null;
    }

    private static IPNetwork? NetworkOf(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!ListenAddress.ParseHost(slash < 0 ? text : text[..slash], out var address, out _))
        {
            return null;
        }

        // Callers over IPv4 are compared as such, however their socket shows them.
        var mapped = address.IsIPv4MappedToIPv6 ? 96 : 0;
        address = mapped > 0 ? address.MapToIPv4() : address;
        var longest = address.GetAddressBytes().Length * 8;
        var length = longest;
        if (slash >= 0 && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length))
        {
            length -= mapped;
        }
        else if (slash >= 0)
        {
            return null;
        }

        return length >= 0 && length <= longest ? IPNetwork.Parse($"{NetworkAddress(address, length)}/{length}") : null;
    }

    /// <summary>The address without what comes after the network's part: people write 192.0.2.7/24 and mean 192.0.2.0/24.</summary>
    private static IPAddress NetworkAddress(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }

    private static bool ParseNumber(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        problem = isNumber ? null : $"'{text}' is no number from 0 to {int.MaxValue}";
        return isNumber;
    }

    private static bool ParseSwitch(string text, out bool value, [NotNullWhen(false)] out string? problem)
    {
        value = text is "true" or "1";
        problem = value || text is "false" or "0" ? null : $"'{text}' is neither true nor false";
        return problem is null;
    }
}
