namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>What <see cref="OutcomeScanner"/> has found of the message at hand, and of those before it where they are told apart.</summary>
internal sealed class OutcomeFindings
{
    // Set while the answers of a batch are told apart. Bounded by MaxBatch; messages beyond it are not told either.
    private Dictionary<string, JsonRpcOutcome>? _byId;

    public int? ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }

    public bool IsToolError { get; set; }

    /// <summary>As <see cref="JsonRpcText"/> writes it.</summary>
    public string? Id { get; set; }

    public JsonRpcOutcome Outcome => new(ErrorCode, ErrorMessage, IsToolError);

    public bool AreToldApart => _byId is not null;

    /// <summary>Outcomes by the id of the request, once <see cref="TellApart"/> was called.</summary>
    public IReadOnlyDictionary<string, JsonRpcOutcome>? ById => _byId;

    /// <summary>Keeps the outcome of every message by itself.</summary>
    public void TellApart() => _byId = new Dictionary<string, JsonRpcOutcome>(StringComparer.Ordinal);

    public void EndMessage()
    {
        if (_byId is null)
        {
            return;
        }

        if (Id is not null && _byId.Count < JsonRpcReader.MaxBatch)
        {
            _byId[Id] = Outcome;
        }

        (Id, ErrorCode, ErrorMessage, IsToolError) = (null, null, null, false);
    }
}
