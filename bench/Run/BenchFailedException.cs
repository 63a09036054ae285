namespace Tunnel.Bench.Run;

/// <summary>Something could not be measured. The message says what, for the notes of the report.</summary>
internal sealed class BenchFailedException(string message) : Exception(message);
