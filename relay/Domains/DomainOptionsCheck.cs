using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Domains;

/// <summary>What about domains does not go together.</summary>
internal static class DomainOptionsCheck
{
    /// <summary>Every relay holds all of them in memory, and reads all of them when one changes.</summary>
    private const int MostDomains = 20_000;

    private static readonly TimeSpan s_shortestCheck = TimeSpan.FromSeconds(1);

    public static IEnumerable<string> Find(RelayOptions options)
    {
        if (options.Domains.MaxPerOwner < 0)
        {
            yield return $"--owner-max-domains {options.Domains.MaxPerOwner} is negative; 0 is for none";
        }

        if (options.Domains.Max is < 1 or > MostDomains)
        {
            yield return $"--max-domains {options.Domains.Max} is not between 1 and {MostDomains}";
        }

        if (options.Domains.CheckEvery < s_shortestCheck)
        {
            yield return "--domain-check is shorter than a second";
        }
    }
}
