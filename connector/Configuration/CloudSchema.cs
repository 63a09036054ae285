namespace Tunnel.Connector.Configuration;

/// <summary>The keys about sending events to a team's relay.</summary>
internal static class CloudSchema
{
    public static readonly ConfigurationKey<string> TokenFile = new(
        "cloud.token_file",
        ValueKinds.FilePath,
        "file, readable to its owner only, with a token of the project that events are sent to, as metadata only; not sent without one"
    )
    {
        Flag = "--cloud-token-file",
    };

    public static readonly ConfigurationKey<string> Server = new(
        "cloud.server",
        ValueKinds.ServerName,
        "what this mcpr is called in the project; the tunnel's name if not set"
    )
    {
        Flag = "--cloud-server",
    };

    public static readonly ConfigurationKey<Uri> Url = new(
        "cloud.url",
        ValueKinds.Origin,
        "where the team's dashboard is; the relay's address with dashboard. before it if not set"
    )
    {
        Flag = "--cloud-url",
    };

    public static readonly ConfigurationKey<long> MaxSize = new(
        "cloud.max_size",
        ValueKinds.Size,
        "how much may wait on this machine while the relay is away; the oldest events go first"
    )
    {
        Default = "64MiB",
    };
}
