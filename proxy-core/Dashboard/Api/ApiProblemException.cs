namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>A question that cannot be answered, with the status and the sentence that say why.</summary>
internal sealed class ApiProblemException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
