using Microsoft.Extensions.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>A layer of the configuration that can say where each of its values stands.</summary>
internal interface ISettingProvider : IConfigurationProvider
{
    SettingSource Source { get; }

    /// <summary>What is wrong with this layer, as of the last time it was read.</summary>
    IReadOnlyList<ConfigurationProblem> Problems { get; }

    /// <returns>The flag, variable or line that sets the key.</returns>
    string OriginOf(ConfigurationKey key);
}
