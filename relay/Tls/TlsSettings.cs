using System.Buffers.Text;
using System.Collections.Immutable;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

/// <summary>What an operator can set about TLS.</summary>
internal static class TlsSettings
{
    public static readonly ImmutableArray<RelaySetting> All =
    [
        new("--tls", "off|files|dev|acme", "Where the certificate comes from [off]", ApplyMode),
        RelaySetting.Text(
            "--tls-cert",
            "file",
            "With --tls files: certificate and chain (PEM), read again when they change",
            (options, value) => options.Tls.CertificateFile = value
        ),
        RelaySetting.Text("--tls-key", "file", "Private key (PEM) of that certificate", (options, value) => options.Tls.KeyFile = value),
        RelaySetting.Duration(
            "--hsts",
            "How long browsers shall use nothing but https, 0 for not saying so [365d, with --tls dev 0]",
            (options, value) => options.Tls.StrictTransport = value
        ),
        RelaySetting.Text(
            "--acme-email",
            "address",
            "With --tls acme: whom the certification authority writes to",
            (options, value) => options.Tls.Acme.Email = value
        ),
        RelaySetting.Text(
            "--acme-dns",
            "provider",
            "The DNS provider as lego calls it; its credentials are lego's variables",
            (options, value) => options.Tls.Acme.DnsProvider = value
        ),
        new("--acme-server", "url", "The ACME directory, or staging for the tests of Let's Encrypt [Let's Encrypt]", ApplyServer),
        RelaySetting.Text(
            "--acme-eab-kid",
            "id",
            "The name of the key that the authority gave you for your account, if it wants one",
            (options, value) => options.Tls.Acme.EabKeyId = value
        ),
        new("--acme-eab-hmac-file", "file", "A file with that key, as base64url", ApplyAccountKey),
        RelaySetting.Text(
            "--acme-resolvers",
            "addresses",
            "Resolvers (host:port) that see the challenge, separated by , [those of the system]",
            (options, value) =>
                options.Tls.Acme.Resolvers = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        ),
        RelaySetting.Switch(
            "--acme-propagation",
            "Wait until all name servers of the zone have the challenge [true]",
            (options, value) => options.Tls.Acme.AwaitsPropagation = value
        ),
    ];

    private static string? ApplyMode(RelayOptions options, string text)
    {
        TlsMode? mode = text switch
        {
            "off" => TlsMode.Off,
            "files" => TlsMode.Files,
            "dev" => TlsMode.Dev,
            "acme" => TlsMode.Acme,
            _ => null,
        };
        options.Tls.Mode = mode ?? TlsMode.Off;
        return mode is null ? $"--tls '{text}' is none of off, files, dev and acme" : null;
    }

    private static string? ApplyAccountKey(RelayOptions options, string file)
    {
        try
        {
            // Authorities show it with padding or without.
            options.Tls.Acme.EabSecret = Base64Url.DecodeFromChars(File.ReadAllText(file).Trim().TrimEnd('='));
            return null;
        }
        catch (FormatException)
        {
            return $"--acme-eab-hmac-file: what is in {file} is not base64url";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"--acme-eab-hmac-file: {unreadable.Message}";
        }
    }

    private static string? ApplyServer(RelayOptions options, string text)
    {
        if (text == "staging")
        {
            options.Tls.Acme.Server = AcmeOptions.Staging;
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps)
        {
            return $"--acme-server '{text}' is not like {AcmeOptions.LetsEncrypt}";
        }

        options.Tls.Acme.Server = url;
        return null;
    }
}
