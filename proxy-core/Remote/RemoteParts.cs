using Microsoft.Extensions.Logging;

namespace Tunnel.ProxyCore.Remote;

/// <summary>What all transports to one server have in common.</summary>
internal sealed record RemoteParts(
    RemoteServerOptions Options,
    RemoteHttp Http,
    LocalClient Client,
    RemoteCalls Calls,
    TimeProvider Time,
    ILogger Logger
);
