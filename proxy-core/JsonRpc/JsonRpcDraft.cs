namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>What was read of one message so far.</summary>
internal struct JsonRpcDraft
{
    public string? Id;
    public string? Method;
    public string? Name;
    public string? ResourceUri;
    public string? ErrorMessage;
    public string? ProtocolVersion;
    public string? ClientName;
    public string? ClientVersion;
    public string? TraceParent;
    public string? TraceState;
    public string? User;
    public string? HostSession;
    public int? ErrorCode;
    public bool IsJsonRpc;

    /// <returns>Null when it turned out not to be JSON-RPC.</returns>
    public readonly JsonRpcSummary? ToSummary() =>
        IsJsonRpc || Method is not null
            ? new JsonRpcSummary
            {
                Id = Id,
                Method = Method,
                Name = Name,
                ResourceUri = ResourceUri,
                ProtocolVersion = ProtocolVersion,
                ClientName = ClientName,
                ClientVersion = ClientVersion,
                TraceParent = TraceParent,
                TraceState = TraceState,
                User = User,
                HostSession = HostSession,
                ErrorCode = ErrorCode,
                ErrorMessage = ErrorMessage,
            }
            : null;
}
