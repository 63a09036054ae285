using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>
/// The value of every key at one moment. A value is taken whole from the strongest layer that has one: lists are not mixed, which is
/// what Microsoft.Extensions.Configuration would do with them item by item. One of several tables is settings of its own.
/// </summary>
internal sealed class Settings
{
    private readonly ImmutableDictionary<ConfigurationKey, Setting> _values;
    private readonly ImmutableDictionary<ConfigurationTables, ImmutableArray<Settings>> _tables;

    private Settings(
        ImmutableDictionary<ConfigurationKey, Setting> values,
        ImmutableDictionary<ConfigurationTables, ImmutableArray<Settings>> tables
    )
    {
        _values = values;
        _tables = tables;
    }

    public static Settings Read(IConfigurationRoot configuration)
    {
        var layers = configuration.Providers.OfType<ISettingProvider>().OrderByDescending(layer => layer.Source).ToArray();
        return new Settings(
            ReadValues(ConfigurationSchema.Keys, key => key.Section, layers),
            ConfigurationSchema.Tables.ToImmutableDictionary(tables => tables, tables => ReadTables(tables, layers))
        );
    }

    /// <summary>The value of a key that has a default.</summary>
    public T Get<T>(ConfigurationKey<T> key) =>
        TryGet(key, out var value) ? value : throw new InvalidOperationException($"{key.Path} is not set and has no default");

    public bool TryGet<T>(ConfigurationKey<T> key, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return Find(key) is { } setting && key.Values.Parse(setting.Text, out value, out _);
    }

    /// <summary>The tables that there are, in the order in which they were written. A key of theirs is asked of one of them.</summary>
    public ImmutableArray<Settings> Get(ConfigurationTables tables) => _tables.GetValueOrDefault(tables, []);

    /// <summary>These settings, with what reloads taken from others.</summary>
    public Settings Reload(Settings newer)
    {
        var values = _values.ToBuilder();
        foreach (var key in ConfigurationSchema.Keys.Where(key => key.Reloads))
        {
            values.Remove(key);
            if (newer.Find(key) is { } setting)
            {
                values[key] = setting;
            }
        }

        return new Settings(
            values.ToImmutable(),
            _tables.SetItems(
                ConfigurationSchema.Tables.Where(tables => tables.Reloads).Select(tables => KeyValuePair.Create(tables, newer.Get(tables)))
            )
        );
    }

    /// <summary>What is set otherwise in others.</summary>
    public IEnumerable<ConfigurationEntry> Compare(Settings others) =>
        [
            .. ConfigurationSchema.Keys.Where(key => !HasSame(key, others)),
            .. ConfigurationSchema.Tables.Where(tables =>
            {
                var (ours, theirs, keys) = (Get(tables), others.Get(tables), ConfigurationSchema.KeysOf(tables));
                return ours.Length != theirs.Length || ours.Zip(theirs).Any(pair => !keys.All(key => pair.First.HasSame(key, pair.Second)));
            }),
        ];

    public Setting? Find(ConfigurationKey key) => _values.GetValueOrDefault(key);

    public bool Has(ConfigurationKey key) => _values.ContainsKey(key);

    private bool HasSame(ConfigurationKey key, Settings others) => Find(key)?.Text == others.Find(key)?.Text;

    private static ImmutableArray<Settings> ReadTables(ConfigurationTables tables, ISettingProvider[] layers)
    {
        var layer = Array.Find(layers, layer => layer.CountOf(tables) is not null);
        var keys = ConfigurationSchema.KeysOf(tables);
        return
        [
            .. Enumerable
                .Range(0, layer?.CountOf(tables) ?? 0)
                .Select(index => new Settings(
                    ReadValues(keys, key => tables.SectionOf(index, key), [layer!]),
                    ImmutableDictionary<ConfigurationTables, ImmutableArray<Settings>>.Empty
                )),
        ];
    }

    private static ImmutableDictionary<ConfigurationKey, Setting> ReadValues(
        ImmutableArray<ConfigurationKey> keys,
        Func<ConfigurationKey, string> sectionOf,
        ISettingProvider[] layers
    )
    {
        var values = ImmutableDictionary.CreateBuilder<ConfigurationKey, Setting>();
        foreach (var key in keys)
        {
            if (Find(key, sectionOf(key), layers) is { } setting)
            {
                values[key] = setting;
            }
        }

        return values.ToImmutable();
    }

    private static Setting? Find(ConfigurationKey key, string section, ISettingProvider[] layers)
    {
        foreach (var layer in layers)
        {
            if (layer.TryGet(section, out var text) && text is not null)
            {
                return new Setting(text, layer.Source, layer.OriginOf(section));
            }
        }

        return key.Default is { } byDefault ? Setting.ByDefault(byDefault) : null;
    }
}
