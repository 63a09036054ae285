using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Primitives;
using Tunnel.ProxyCore.Files;

namespace Tunnel.Connector.Configuration;

/// <summary>
/// The folder of a configuration file. A look once a second at that one file is all the watching there is: watchers of the platform take
/// every folder below, which in a project with its packages is thousands, and they miss files behind links and on network drives.
/// </summary>
internal sealed class PolledFolder : IFileProvider, IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly List<(string Path, FileStamp Stamp, ConfigurationReloadToken Changed)> _watched = [];

    public PolledFolder(string folder, TimeProvider time)
    {
        _folder = folder;
        _timer = time.CreateTimer(_ => Look(), state: null, s_interval, s_interval);
    }

    public IFileInfo GetFileInfo(string subpath) => new PhysicalFileInfo(new FileInfo(Path.Combine(_folder, subpath)));

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    /// <returns>A token for the next change of the file.</returns>
    public IChangeToken Watch(string filter)
    {
        var path = Path.Combine(_folder, filter);
        var changed = new ConfigurationReloadToken();
        lock (_lock)
        {
            _watched.Add((path, FileStamp.Of(path), changed));
        }

        return changed;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        List<ConfigurationReloadToken> changed = [];
        lock (_lock)
        {
            _watched.RemoveAll(watched =>
            {
                var isChanged = FileStamp.Of(watched.Path) != watched.Stamp;
                if (isChanged)
                {
                    changed.Add(watched.Changed);
                }

                return isChanged;
            });
        }

        // Whoever hears of it asks for the next token at once.
        changed.ForEach(token => token.OnReload());
    }
}
