using System.Runtime.InteropServices;

namespace Tunnel.Connector.Hosting;

/// <summary>While the program is stopping, the next Ctrl+C or SIGTERM ends it at once with what was still running.</summary>
internal sealed class SecondSignal : IDisposable
{
    // What shells report for a program that a signal ended: 128 and the signal's number.
    private const int Interrupted = 130;
    private const int Terminated = 143;

    private readonly PosixSignalRegistration _interrupt = PosixSignalRegistration.Create(
        PosixSignal.SIGINT,
        _ => Environment.Exit(Interrupted)
    );
    private readonly PosixSignalRegistration _terminate = PosixSignalRegistration.Create(
        PosixSignal.SIGTERM,
        _ => Environment.Exit(Terminated)
    );

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }
}
