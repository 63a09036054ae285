namespace Tunnel.Relay.Tls;

/// <summary>Who issues certificates, and how they see that the domain is ours. Credentials of the DNS provider are lego's own variables.</summary>
internal sealed class AcmeOptions
{
    /// <summary>The directory of Let's Encrypt.</summary>
    public static readonly Uri LetsEncrypt = new("https://acme-v02.api.letsencrypt.org/directory");

    /// <summary>That of its test environment, whose certificates nobody trusts and whose limits are wide.</summary>
    public static readonly Uri Staging = new("https://acme-staging-v02.api.letsencrypt.org/directory");

    /// <summary>The directory to order from. Default Let's Encrypt.</summary>
    public Uri Server { get; set; } = LetsEncrypt;

    /// <summary>Whom the authority writes to. Required.</summary>
    public string? Email { get; set; }

    /// <summary>What the authority gave its customer to open an account with, if it wants that.</summary>
    public AcmeAccountKey? AccountKey => EabKeyId is { } id && EabSecret is { } secret ? new AcmeAccountKey(id, secret) : null;

    /// <summary>The name of that key.</summary>
    public string? EabKeyId { get; set; }

    /// <summary>Its secret.</summary>
    public byte[]? EabSecret { get; set; }

    /// <summary>What lego calls the DNS provider, such as <c>cloudflare</c> or <c>route53</c>. Required.</summary>
    public string? DnsProvider { get; set; }

    /// <summary>Resolvers (host:port) that see the records; none for those of the system.</summary>
    public IReadOnlyList<string> Resolvers { get; set; } = [];

    /// <summary>Whether lego waits until all name servers of the zone have the record. Default yes.</summary>
    public bool AwaitsPropagation { get; set; } = true;
}
