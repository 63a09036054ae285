namespace Tunnel.Connector.Tunneling;

/// <summary>No WebSocket to the relay could be opened.</summary>
internal sealed class RelayUnreachableException(Uri endpoint, Exception? cause)
    : Exception($"cannot reach {endpoint.Scheme}://{endpoint.Authority}: {Explain(cause)}", cause)
{
    private static string Explain(Exception? cause)
    {
        if (cause is null)
        {
            return "no answer in time";
        }

        var innermost = cause.GetBaseException();
        return innermost == cause ? "it does not answer like a relay" : innermost.Message;
    }
}
