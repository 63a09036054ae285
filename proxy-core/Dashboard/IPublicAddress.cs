namespace Tunnel.ProxyCore.Dashboard;

/// <summary>Where callers outside reach the proxy at this moment.</summary>
public interface IPublicAddress
{
    /// <summary>The origin, null while there is none.</summary>
    Uri? Current { get; }
}
