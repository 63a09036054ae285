namespace Tunnel.Connector.Configuration;

/// <summary>The keys about what is remembered.</summary>
internal static class HistorySchema
{
    public static readonly ConfigurationKey<bool> Enabled = new(
        "history.enabled",
        ValueKinds.Switch,
        "keep events on this machine, for mcpr logs and its like and for the dashboard; never parameters or bodies"
    )
    {
        Default = "true",
        Flag = "--history",
    };

    public static readonly ConfigurationKey<string> File = new(
        "history.file",
        ValueKinds.FilePath,
        "where; in mcpr's folder of the user's state if not set"
    );

    public static readonly ConfigurationKey<TimeSpan> MaxAge = new("history.max_age", ValueKinds.Age, "how long events are kept")
    {
        Default = "7d",
    };

    public static readonly ConfigurationKey<long> MaxSize = new(
        "history.max_size",
        ValueKinds.Size,
        "how large it may become; the oldest events go first"
    )
    {
        Default = "256MiB",
    };
}
