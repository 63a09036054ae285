using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.History;

namespace Tunnel.Connector.Cloud;

/// <summary>What servers said of their tools and the relay was sent already. Clients ask much more often than servers change.</summary>
internal sealed class ListedTools(TimeProvider time)
{
    /// <summary>The same is sent again after this, since what was sent may have been lost, and tells that the tools are still there.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromHours(1);

    /// <summary>Bounded: servers that answer otherwise every time. Over it all are forgotten, and sent again.</summary>
    private const int MaxListings = 1_000;

    private readonly Dictionary<string, long> _sentAt = new(StringComparer.Ordinal);

    /// <summary>Whether it is to be sent; then it counts as sent.</summary>
    public bool IsNew(ToolListing listing)
    {
        var key = KeyOf(listing);
        if (_sentAt.TryGetValue(key, out var at) && time.GetElapsedTime(at) < s_again)
        {
            return false;
        }

        if (_sentAt.Count >= MaxListings)
        {
            _sentAt.Clear();
        }

        _sentAt[key] = time.GetTimestamp();
        return true;
    }

    private static string KeyOf(ToolListing listing)
    {
        var text = new StringBuilder().Append(listing.Server).Append('\n').Append(listing.IsComplete);
        foreach (var tool in listing.Tools)
        {
            text.Append('\n').Append(tool.Name).Append('\n').Append(tool.Hash);
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
