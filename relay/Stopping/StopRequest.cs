namespace Tunnel.Relay.Stopping;

/// <summary>The wish that the relay stops, be it a signal, an operator's command, or a part of it that has failed.</summary>
internal sealed class StopRequest
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task WhenTold => _told.Task;

    public void Tell() => _told.TrySetResult();
}
