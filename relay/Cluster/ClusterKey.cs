using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Cluster;

/// <summary>What relays of one cluster know and nobody else does.</summary>
internal sealed class ClusterKey
{
    /// <summary>Bears the key from relay to relay; from anybody else it is removed.</summary>
    public const string Header = "mcpr-cluster-key";

    /// <summary>
    /// On the answer of a relay that does not have the tunnel: nobody began to work on the request. It bears the key too, so that no server
    /// behind a tunnel can say it.
    /// </summary>
    public const string NotHereHeader = "mcpr-cluster-not-here";

    /// <summary>
    /// On a request for which there is another way: a relay that cannot send it into the tunnel at once says that the name is not there. From
    /// anybody else it is removed.
    /// </summary>
    public const string HasOtherWayHeader = "mcpr-cluster-other-way";

    private readonly byte[] _shown;

    private ClusterKey(byte[] secret)
    {
        // A file can hold bytes that a header cannot.
        Shown = Base64Url.EncodeToString(SHA256.HashData([.. "mcpr cluster key\n"u8, .. secret]));
        _shown = Encoding.ASCII.GetBytes(Shown);
    }

    public string Shown { get; }

    public static ClusterKey Of(RelayOptions options) => new(options.ClusterSecret);

    /// <summary>Takes as long for a wrong key as for the right one.</summary>
    public bool Is(string shown) => CryptographicOperations.FixedTimeEquals(_shown, Encoding.Latin1.GetBytes(shown));

    public override string ToString() => "the cluster's key";
}
