using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tunnel.ProxyCore.Files;

namespace Tunnel.Relay.Tls;

/// <summary>An ACME account where lego looks for it: <c>accounts/HOST_PORT/EMAIL/account.json</c> and <c>keys/EMAIL.key</c> beside it.</summary>
internal sealed class LegoAccount(AcmeOptions acme, string legoFolder)
{
    /// <summary>Where lego expects paths of certificates, as the system separates them.</summary>
    private const string TrustVariable = "LEGO_CA_CERTIFICATES";

    private string Folder => Path.Combine(legoFolder, "accounts", acme.Server.Authority.Replace(':', '_'), acme.Email!);

    private string FilePath => Path.Combine(Folder, "account.json");

    private string KeyPath => Path.Combine(Folder, "keys", $"{acme.Email}.key");

    /// <summary>Takes the account that other relays order with. One that is here already makes way, so that all have the same.</summary>
    /// <param name="exported">What <see cref="Export"/> of another said; null where there is none.</param>
    public void Import(string? exported)
    {
        if (exported is null || JsonNode.Parse(exported) is not JsonObject account)
        {
            return;
        }

        Write((string)account["key"]!, (string)account["account"]!);
    }

    /// <returns>The account and its key, after lego has run.</returns>
    public string Export() =>
        new JsonObject { ["key"] = File.ReadAllText(KeyPath), ["account"] = File.ReadAllText(FilePath) }.ToJsonString();

    /// <summary>Makes the account if it has to be bound to a customer's and is not there yet. lego makes all others.</summary>
    /// <exception cref="IssuanceException">There is no account.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (acme.AccountKey is not { } customer || File.Exists(FilePath))
        {
            return;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var trusted = Environment.GetEnvironmentVariable(TrustVariable) ?? string.Empty;
        using var registration = new AcmeRegistration(trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        var url = await registration.RegisterAsync(acme.Server, acme.Email!, customer, key, cancellationToken);
        var account = new JsonObject
        {
            ["email"] = acme.Email,
            ["registration"] = new JsonObject
            {
                ["uri"] = url,
                ["body"] = new JsonObject { ["status"] = "valid", ["contact"] = new JsonArray($"mailto:{acme.Email}") },
            },
        };
        Write(key.ExportECPrivateKeyPem(), account.ToJsonString());
    }

    private void Write(string key, string account)
    {
        // The account comes last: where it is, the key is too.
        PrivateFile.Replace(KeyPath, key);
        PrivateFile.Replace(FilePath, account);
    }
}
