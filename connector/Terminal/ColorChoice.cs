namespace Tunnel.Connector.Terminal;

/// <summary>The values of <c>--color</c>.</summary>
internal enum ColorChoice
{
    /// <summary>On a terminal that can.</summary>
    Auto,
    Always,
    Never,
}
