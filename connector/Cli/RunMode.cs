namespace Tunnel.Connector.Cli;

/// <summary>Where calls come from.</summary>
[Flags]
internal enum RunMode
{
    None = 0,
    Local = 1,
    Tunnel = 2,
}
