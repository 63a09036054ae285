namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>What answers requests of the revision 2026-07-28, whatever the process behind it speaks.</summary>
internal interface IModernServer : IAsyncDisposable
{
    /// <summary>Works on a request. What comes of it goes to the target, failures too.</summary>
    Task CallAsync(Envelope request, ModernTarget target, CancellationToken cancellationToken);

    /// <summary>What the arguments of a tool repeat in headers.</summary>
    /// <exception cref="Sessions.CallFailedException">The server cannot be asked.</exception>
    ValueTask<IReadOnlyList<ParamHeader>> ParamHeadersAsync(Envelope request, string tool, CancellationToken cancellationToken);

    /// <summary>Ends what went on for too long, and what nobody needs any more.</summary>
    void Sweep();
}
