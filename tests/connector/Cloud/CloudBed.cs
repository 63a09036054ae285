using Tunnel.Connector.Cloud;
using Tunnel.Connector.Tunneling;

namespace Tunnel.Connector.Tests.Cloud;

/// <summary>Settings to send with.</summary>
internal static class CloudBed
{
    public static CloudSettings Settings(Uri url, string folder, CloudToken? token = null) =>
        new(url, "my-proxy", token ?? CloudToken.Of("mcpt_secret"), RelayTrust.Machine, folder, MaxBytes: 16 << 20);
}
