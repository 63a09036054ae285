namespace Tunnel.Relay.State;

/// <summary>The data folder cannot hold the relay's state.</summary>
internal sealed class DataDirectoryException(string directory, Exception cause)
    : Exception($"cannot keep state in {directory}: {cause.Message}", cause)
{
    public const string Hint = "choose a folder of yours with --data";
}
