using Microsoft.Extensions.Configuration;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>A layer of the configuration that can say where each of its values stands.</summary>
internal interface ISettingProvider : IConfigurationProvider
{
    SettingSource Source { get; }

    /// <summary>What is wrong with this layer, as of the last time it was read.</summary>
    IReadOnlyList<ConfigurationProblem> Problems { get; }

    /// <returns>The flag, variable or line that sets what stands in a section.</returns>
    string OriginOf(string section);

    /// <returns>How many of the tables there are, or null where this layer does not speak of them.</returns>
    int? CountOf(ConfigurationTables tables);
}
