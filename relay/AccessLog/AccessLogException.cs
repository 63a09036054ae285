namespace Tunnel.Relay.AccessLog;

/// <summary>The file of the access log cannot be written to.</summary>
internal sealed class AccessLogException(string message) : Exception(message)
{
    public const string Hint = "choose another --access-log-file, or let the relay's user write there";
}
