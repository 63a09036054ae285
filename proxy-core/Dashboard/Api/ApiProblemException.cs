namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>A question that cannot be answered, with the status and the sentence that say why.</summary>
public sealed class ApiProblemException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
