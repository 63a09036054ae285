namespace Tunnel.Relay.Configuration;

/// <summary>A service of the operator that knows whether a credential is good.</summary>
internal sealed class VerifierOptions
{
    /// <summary>Where to ask: https, or http on loopback. Without it there is no such service.</summary>
    public Uri? Url { get; set; }

    /// <summary>The key of the signature (HMAC-SHA256).</summary>
    public byte[] Secret { get; set; } = [];

    /// <summary>How long an answer may take. Default 5 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer counts, yes or no. Default 30 s.</summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(30);
}
