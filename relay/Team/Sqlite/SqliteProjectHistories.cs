using System.Collections.Concurrent;
using System.Globalization;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Team.Sqlite;

/// <summary>A file for each project, <c>projects/7.db</c> in the relay's folder.</summary>
internal sealed class SqliteProjectHistories(RelayOptions options) : IProjectHistories, IDisposable
{
    private const string Extension = ".db";

    /// <summary>SQLite is work for a processor: half of them are left to tunnels, at least.</summary>
    private static readonly int s_threads = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly string _folder = Path.Combine(Path.GetFullPath(options.DataDirectory), "projects");
    private readonly ConcurrentDictionary<long, ThreadedHistoryStore> _open = new();
    private readonly BlockingThreads _writing = new("history writing", s_threads);

    // One question that takes long must not keep the others waiting.
    private readonly BlockingThreads _reading = new("history reading", s_threads + 1);
    private readonly Lock _changing = new();

    public async ValueTask<IHistoryStore> OpenAsync(TeamProject project, CancellationToken cancellationToken) =>
        _open.TryGetValue(project.Id, out var known)
            ? known
            : await _writing.RunAsync(() => ValueTask.FromResult(Open(project.Id)), cancellationToken);

    public async ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken) =>
        await _reading.RunAsync(() => ValueTask.FromResult<IReadOnlyList<long>>([.. Files().Union(_open.Keys)]), cancellationToken);

    public async ValueTask DeleteAsync(long projectId, CancellationToken cancellationToken) =>
        await _writing.RunAsync(() => ValueTask.FromResult(Delete(projectId)), cancellationToken);

    public void Dispose()
    {
        _writing.Dispose();
        _reading.Dispose();
    }

    private ThreadedHistoryStore Open(long id)
    {
        lock (_changing)
        {
            return _open.GetOrAdd(
                id,
                // Who sent events was told that they are kept.
                static (id, self) =>
                    new ThreadedHistoryStore(
                        new SqliteHistoryStore(HistoryDatabase.Create(self.PathOf(id), isDurable: true)),
                        self._writing,
                        self._reading
                    ),
                this
            );
        }
    }

    private bool Delete(long id)
    {
        lock (_changing)
        {
            HistoryDatabase.Delete(PathOf(id));
            return _open.TryRemove(id, out _);
        }
    }

    private IEnumerable<long> Files()
    {
        try
        {
            return Directory.Exists(_folder) ? [.. Directory.EnumerateFiles(_folder, "*" + Extension).Select(NumberOf).OfType<long>()] : [];
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new HistoryUnavailableException(unusable.Message, unusable);
        }
    }

    private string PathOf(long id) => Path.Combine(_folder, id.ToString(CultureInfo.InvariantCulture) + Extension);

    private static long? NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
