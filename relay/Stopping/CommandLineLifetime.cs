using Microsoft.Extensions.Hosting;

namespace Tunnel.Relay.Stopping;

/// <summary>Leaves signals to the command line: the host would stop at once, and the relay drains first.</summary>
internal sealed class CommandLineLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
