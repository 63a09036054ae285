namespace Tunnel.Connector.Configuration;

/// <summary>Where values come from, the weakest first.</summary>
internal enum SettingSource
{
    Default,
    SystemFile,
    UserFile,
    ProjectFile,
    Environment,
    Flag,
}
