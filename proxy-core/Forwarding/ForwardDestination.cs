namespace Tunnel.ProxyCore.Forwarding;

/// <summary>Where an exchange goes and within which limits.</summary>
/// <param name="Origin">Scheme and authority of the next hop, without a slash at the end.</param>
/// <param name="Invoker">The connections to it.</param>
/// <param name="HttpVersion">The version spoken to it, and no other.</param>
/// <param name="KeepHost">Whether the caller's Host goes on; otherwise it becomes the authority of <paramref name="Origin"/>.</param>
/// <param name="HeadersTimeout">How long the next hop may take until its response headers.</param>
public sealed record ForwardDestination(
    string Origin,
    HttpMessageInvoker Invoker,
    Version HttpVersion,
    bool KeepHost,
    TimeSpan HeadersTimeout
);
