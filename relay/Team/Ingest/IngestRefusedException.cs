namespace Tunnel.Relay.Team.Ingest;

/// <summary>Ends the taking of a batch.</summary>
internal sealed class IngestRefusedException(IngestProblem problem) : Exception(problem.Detail)
{
    public IngestProblem Problem { get; } = problem;
}
