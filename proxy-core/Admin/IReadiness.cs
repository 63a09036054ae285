namespace Tunnel.ProxyCore.Admin;

/// <summary>Whether callers shall be sent here, as load balancers and supervisors ask.</summary>
public interface IReadiness
{
    /// <returns>Why not, in a few words, or null if they shall.</returns>
    string? FindObstacle();
}
