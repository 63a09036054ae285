using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>Applies <see cref="NameRuleOptions"/> in both directions.</summary>
internal sealed class NameRules(NameRuleOptions options)
{
    public bool AreNone { get; } = options.Allow.Count + options.Deny.Count + options.Rename.Count == 0;

    /// <returns>What callers call something of the server's, or null when it is not for them.</returns>
    public string? ShownNameOf(string own) => IsOffered(own) ? Show(own) : null;

    /// <summary>What a reference to something becomes; one to something that is not for callers stays, and leads nowhere.</summary>
    public string Show(string own)
    {
        foreach (var renaming in options.Rename)
        {
            if (renaming.Show(own) is { } shown)
            {
                return shown;
            }
        }

        return own;
    }

    /// <returns>What the server calls what a caller asks for, or null when there is nothing of that name for callers.</returns>
    public string? OwnNameOf(string shown)
    {
        foreach (var renaming in options.Rename)
        {
            if (renaming.Recover(shown) is { } own && ShownNameOf(own) == shown)
            {
                return own;
            }
        }

        return ShownNameOf(shown) == shown ? shown : null;
    }

    private bool IsOffered(string own) =>
        (options.Allow.Count == 0 || options.Allow.Any(pattern => Glob.Matches(pattern, own)))
        && !options.Deny.Any(pattern => Glob.Matches(pattern, own));
}
