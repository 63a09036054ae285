namespace Tunnel.ProxyCore.Configuration.Toml;

/// <summary>Text that is no TOML 1.0, with the line on which reading stopped.</summary>
public sealed class TomlException(string message, int line) : Exception(message)
{
    public int Line { get; } = line;
}
