using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.Connector.Identity;

/// <summary>The keys that count now: those from a file follow it. A file that would guard nothing any more changes nothing.</summary>
internal sealed class LiveCallerKeys(Settings settings, IReadOnlyList<string> keys) : IOptionsChangeTokenSource<McpProxyOptions>
{
    private volatile IReadOnlyList<string> _current = keys;
    private ConfigurationReloadToken _changed = new();

    public IReadOnlyList<string> Current => _current;

    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    /// <summary>Follows the file until disposed; null where there is none.</summary>
    /// <param name="say">Gets lines for people.</param>
    /// <param name="time">Says when to look.</param>
    public IDisposable? Watch(Action<string> say, TimeProvider time)
    {
        if (!settings.TryGet(ConfigurationSchema.ApiKeyFile, out var file))
        {
            return null;
        }

        var path = Path.GetFullPath(file);
        var folder = new PolledFolder(Path.GetDirectoryName(path)!, time);
        ChangeToken.OnChange(() => folder.Watch(Path.GetFileName(path)), () => Reload(say));
        return folder;
    }

    private void Reload(Action<string> say)
    {
        if (CallerKeys.Read(settings, out var unusable) is not { } keys)
        {
            say($"{unusable!.Message}; the keys stay as they were");
            return;
        }

        _current = keys;
        say($"keys read again, {keys.Count} in all");
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
    }
}
