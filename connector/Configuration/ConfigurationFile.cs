namespace Tunnel.Connector.Configuration;

/// <summary>A file that takes part.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Source">Whose file it is.</param>
internal sealed record ConfigurationFile(string Path, SettingSource Source);
