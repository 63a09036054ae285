namespace Tunnel.ProxyCore.Remote;

/// <summary>A session as the server gave it out.</summary>
/// <param name="Id">Null from servers that keep none.</param>
/// <param name="Version">The revision that was agreed on.</param>
internal sealed record RemoteSession(string? Id, string? Version)
{
    /// <summary>Before <c>initialize</c>.</summary>
    public static readonly RemoteSession None = new(null, null);

    public void AddTo(HttpRequestMessage request)
    {
        if (Id is not null)
        {
            request.Headers.TryAddWithoutValidation(Bridge.Web.Answers.SessionHeader, Id);
        }

        if (Version is not null)
        {
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", Version);
        }
    }
}
