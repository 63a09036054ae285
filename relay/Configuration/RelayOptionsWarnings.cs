using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Configuration;

/// <summary>What works, but hardly as the operator thinks.</summary>
internal static class RelayOptionsWarnings
{
    public static IEnumerable<string> Find(RelayOptions options)
    {
        if (options is { Tls.Mode: TlsMode.Acme, RedisUrl: not null, ClusterListen: null })
        {
            yield return "--tls acme with --redis and without --cluster-listen is for one relay: several order the same certificates beside "
                + "each other, and for domains of owners the authority may ask a relay that has no answer";
        }
    }
}
