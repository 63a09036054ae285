using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>
/// The value of every key at one moment. A value is taken whole from the strongest layer that has one: lists are not mixed, which is
/// what Microsoft.Extensions.Configuration would do with them item by item.
/// </summary>
internal sealed class Settings
{
    private readonly ImmutableDictionary<ConfigurationKey, Setting> _values;

    private Settings(ImmutableDictionary<ConfigurationKey, Setting> values)
    {
        _values = values;
    }

    public static Settings Read(IConfigurationRoot configuration)
    {
        var layers = configuration.Providers.OfType<ISettingProvider>().OrderByDescending(layer => layer.Source).ToArray();
        var values = ImmutableDictionary.CreateBuilder<ConfigurationKey, Setting>();
        foreach (var key in ConfigurationSchema.Keys)
        {
            if (Find(key, layers) is { } setting)
            {
                values[key] = setting;
            }
        }

        return new Settings(values.ToImmutable());
    }

    /// <summary>The value of a key that has a default.</summary>
    public T Get<T>(ConfigurationKey<T> key) =>
        TryGet(key, out var value) ? value : throw new InvalidOperationException($"{key.Path} is not set and has no default");

    public bool TryGet<T>(ConfigurationKey<T> key, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return Find(key) is { } setting && key.Values.Parse(setting.Text, out value, out _);
    }

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

        return new Settings(values.ToImmutable());
    }

    public Setting? Find(ConfigurationKey key) => _values.GetValueOrDefault(key);

    public bool Has(ConfigurationKey key) => _values.ContainsKey(key);

    private static Setting? Find(ConfigurationKey key, ISettingProvider[] layers)
    {
        foreach (var layer in layers)
        {
            if (layer.TryGet(key.Section, out var text) && text is not null)
            {
                return new Setting(text, layer.Source, layer.OriginOf(key));
            }
        }

        return key.Default is { } byDefault ? Setting.ByDefault(byDefault) : null;
    }
}
