namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>Where processes of a program come from.</summary>
internal interface IProcessSource
{
    StdioServerOptions Options { get; }

    TimeProvider Time { get; }

    /// <summary>A process nobody has talked to yet.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    ServerProcess Take();

    /// <summary>A process was in order: another one can be kept ready.</summary>
    void WarmUp();
}
