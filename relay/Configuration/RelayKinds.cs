using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Configuration.Toml;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Configuration;

/// <summary>The kinds of values that only settings of the relay have.</summary>
internal static class RelayKinds
{
    public static readonly ValueKind<TimeSpan> Duration = new("duration", "duration", ParseDuration)
    {
        TomlKinds = [TomlKind.String, TomlKind.Integer, TomlKind.Float],
    };

    public static readonly ValueKind<long> Size = new("bytes", "bytes", ParseSize) { TomlKinds = [TomlKind.String, TomlKind.Integer] };

    /// <summary>Addresses to listen on. Outside of files they are separated by semicolons, too.</summary>
    public static readonly ValueKind<string> ListenAddresses = new("list of addresses", "addresses", ParseListenAddresses)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<ImmutableArray<string>> Resolvers = new("list of resolvers", "host:port", ParseResolvers)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ValueKind<Uri> Url = Address("https://tunnel.example.com", static _ => true);

    public static readonly ValueKind<Uri> VerifierUrl = Address("https://accounts.example.com/verify", static _ => true);

    /// <summary>Of this relay among others.</summary>
    public static readonly ValueKind<Uri> NodeUrl = Address("https://node-1.tunnel.example.com", IsOrigin);

    public static readonly ValueKind<Uri> NodeAddress = Address("http://10.0.0.7:5101", IsOrigin);

    public static readonly ValueKind<Uri> NodeListen = Address(
        "http://10.0.0.7:5101",
        static url => IsOrigin(url) && IPAddress.TryParse(url.DnsSafeHost, out _)
    );

    public static readonly ValueKind<Uri> Redis = new("URL", "url", ParseRedis) { TomlKinds = [TomlKind.String] };

    /// <summary>The directory of a certification authority.</summary>
    public static readonly ValueKind<Uri> AcmeServer = new("URL or staging", "url", ParseAcmeServer) { TomlKinds = [TomlKind.String] };

    /// <summary>A file with one secret; the value is what stands in it.</summary>
    public static readonly ValueKind<string> SecretFile = new("path", "file", ReadSecret)
    {
        TomlKinds = [TomlKind.String],
        IsPath = static _ => true,
    };

    /// <summary>The same with a secret that is written as base64url.</summary>
    public static readonly ValueKind<byte[]> EncodedSecretFile = new("path", "file", ReadEncodedSecret)
    {
        TomlKinds = [TomlKind.String],
        IsPath = static _ => true,
    };

    private static ValueKind<Uri> Address(string example, Func<Uri, bool> isSound)
    {
        bool Parse(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
        {
            value = Uri.TryCreate(text, UriKind.Absolute, out var url) && isSound(url) ? url : null;
            problem = value is null ? $"'{text}' is not like {example}" : null;
            return value is not null;
        }

        return new ValueKind<Uri>("URL", "url", Parse) { TomlKinds = [TomlKind.String] };
    }

    private static bool IsOrigin(Uri url) => url is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" };

    private static bool ParseDuration(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        problem = Durations.TryParse(text, out value) ? null : $"'{text}' is not a duration such as 10s, 5m or 30d";
        return problem is null;
    }

    private static bool ParseSize(string text, out long value, [NotNullWhen(false)] out string? problem)
    {
        problem = Sizes.TryParse(text, out value) ? null : $"'{text}' is not a size such as 4096 or 16MiB";
        return problem is null;
    }

    private static bool ParseListenAddresses(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        value = text.Replace(ValueKind.ListSeparator, ';');
        problem = null;
        return true;
    }

    private static bool ParseResolvers(string text, out ImmutableArray<string> value, [NotNullWhen(false)] out string? problem)
    {
        value = CommonKinds.ItemsOf(text);
        problem = null;
        return true;
    }

    private static bool ParseRedis(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
    {
        var isSound =
            Uri.TryCreate(text, UriKind.Absolute, out value)
            && value is { Scheme: "redis" or "rediss", UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 }
            && RedisConnection.TryDatabaseOf(value) is not null;
        // A password in it would be in the list of processes; the text is not repeated for that reason.
        problem = isSound ? null : "this is not like redis://10.0.0.5:6379/0; a password goes into --redis-password-file";
        return isSound;
    }

    private static bool ParseAcmeServer(string text, [MaybeNullWhen(false)] out Uri value, [NotNullWhen(false)] out string? problem)
    {
        value =
            text == "staging" ? AcmeOptions.Staging
            : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url
            : null;
        problem = value is null ? $"'{text}' is not like {AcmeOptions.LetsEncrypt}" : null;
        return value is not null;
    }

    private static bool ReadSecret(string file, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            value = File.ReadAllText(file).Trim();
            // Whoever names a file wants a secret, and an empty one would let everybody in.
            problem = value.Length > 0 ? null : $"there is nothing in {file}";
            return problem is null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            value = null;
            problem = unreadable.Message;
            return false;
        }
    }

    private static bool ReadEncodedSecret(string file, [MaybeNullWhen(false)] out byte[] value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        if (!ReadSecret(file, out var text, out problem))
        {
            return false;
        }

        try
        {
            // Authorities show it with padding or without.
            value = Base64Url.DecodeFromChars(text.TrimEnd('='));
            return true;
        }
        catch (FormatException)
        {
            problem = $"what is in {file} is not base64url";
            return false;
        }
    }
}
