using Tunnel.Connector.Configuration;
using Tunnel.Connector.Identity;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sqlite;

namespace Tunnel.Connector.Cli.History;

/// <summary>The history of this user on this machine: every mcpr writes to the same file, unless its configuration names another.</summary>
internal static class HistoryFile
{
    public static string PathOf(Settings settings) =>
        settings.TryGet(HistorySchema.File, out var path) ? Path.GetFullPath(path) : Path.Combine(UserFolders.State(), "history.db");

    /// <summary>Opens it to write. A proxy without a history is better than none, so what is wrong is only told.</summary>
    /// <returns>Null where it is switched off or cannot be used.</returns>
    public static HistoryWriter? Open(Settings settings, Action<string> say)
    {
        if (!settings.Get(HistorySchema.Enabled))
        {
            return null;
        }

        var path = PathOf(settings);
        try
        {
            var options = new HistoryOptions
            {
                MaxAge = settings.Get(HistorySchema.MaxAge),
                MaxBytes = settings.Get(HistorySchema.MaxSize),
            };
            return new HistoryWriter(new SqliteHistoryStore(HistoryDatabase.Create(path)), options, say, TimeProvider.System);
        }
        catch (HistoryUnavailableException unusable)
        {
            say($"there will be no history: {path} cannot be used: {unusable.Message}");
            return null;
        }
    }
}
