using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Tunnel.Connector.Configuration.Toml;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>
/// The settings of this run. Keys that reload follow their files; a change of any other is told and waits for the next start.
/// A file that became unusable changes nothing.
/// </summary>
internal sealed class LiveSettings : IDisposable
{
    private readonly ConfigurationRoot _configuration;
    private readonly List<PolledFolder> _folders = [];
    private readonly Lock _lock = new();
    private volatile Settings _current;
    private Settings _lastRead;
    private ConfigurationReloadToken _changed = new();

    public LiveSettings(
        IReadOnlyList<ConfigurationFile> files,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<ConfigurationEntry, string> flags
    )
    {
        Files = files;
        var builder = new ConfigurationBuilder();
        foreach (var file in files)
        {
            var folder = new PolledFolder(Path.GetDirectoryName(file.Path)!, TimeProvider.System);
            _folders.Add(folder);
            builder.Add(new TomlConfigurationSource(file, folder));
        }

        _configuration = (ConfigurationRoot)builder.Add(new EnvironmentProvider(environment)).Add(new FlagProvider(flags)).Build();
        _lastRead = _current = Settings.Read(_configuration);
    }

    /// <summary>The files that take part, the weakest first.</summary>
    public IReadOnlyList<ConfigurationFile> Files { get; }

    /// <summary>What counts now: keys that do not reload stay as they were at the start.</summary>
    public Settings Current => _current;

    /// <summary>What is wrong in any layer, as it is now.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems =>
        [.. _configuration.Providers.OfType<ISettingProvider>().SelectMany(layer => layer.Problems)];

    /// <summary>Signals that <see cref="Current"/> is another one.</summary>
    public IChangeToken GetReloadToken() => Volatile.Read(ref _changed);

    /// <summary>Follows the files until disposed.</summary>
    /// <param name="say">Gets lines for people.</param>
    public IDisposable Watch(Action<string> say) => ChangeToken.OnChange(_configuration.GetReloadToken, () => Reload(say));

    public void Dispose()
    {
        _folders.ForEach(folder => folder.Dispose());
        _configuration.Dispose();
    }

    private void Reload(Action<string> say)
    {
        ConfigurationEntry[] changed;
        lock (_lock)
        {
            var problems = Problems;
            if (problems.Count > 0)
            {
                foreach (var problem in problems)
                {
                    say($"{problem}{(problem.Hint is null ? string.Empty : $"; {problem.Hint}")}");
                }

                say("settings stay as they were");
                return;
            }

            var (before, after) = (_lastRead, Settings.Read(_configuration));
            changed = [.. after.Compare(before)];
            _lastRead = after;
            _current = _current.Reload(after);
        }

        // Told when it counts, and not a moment before.
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
        Tell(say, "changed", [.. changed.Where(entry => entry.Reloads)]);
        Tell(say, "changed, which needs a restart:", [.. changed.Where(entry => !entry.Reloads)]);
    }

    private static void Tell(Action<string> say, string what, ConfigurationEntry[] entries)
    {
        if (entries.Length > 0)
        {
            say($"configuration {what} {string.Join(", ", entries.Select(entry => entry.Path))}");
        }
    }
}
