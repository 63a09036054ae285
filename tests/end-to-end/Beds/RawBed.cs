using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>A tunnel to an origin that speaks exact bytes; each test says what the origin does.</summary>
public class RawBed : IAsyncLifetime
{
    private RawHttpOrigin _origin = null!;

    internal TunnelBed Tunnel { get; private set; } = null!;

    /// <summary>What the origin does with the requests of the running test.</summary>
    internal Func<RawRequest, RawConnection, Task> Origin { get; set; } =
        static (_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");

    internal int OriginPort => _origin.Port;

    public async ValueTask InitializeAsync()
    {
        _origin = RawHttpOrigin.Start((request, connection) => Origin(request, connection));
        Tunnel = await StartTunnelAsync(_origin.BaseAddress, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopTunnelAsync();
        await _origin.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal virtual Task<TunnelBed> StartTunnelAsync(Uri origin, CancellationToken cancellationToken) =>
        TunnelBed.StartAsync(origin, cancellationToken);

    internal virtual ValueTask StopTunnelAsync() => Tunnel.DisposeAsync();

    /// <summary>Lets the origin answer with these bytes, sends a request and returns the response as it stood on the wire.</summary>
    internal async Task<RawResponse> ExchangeAsync(string request, string answer, CancellationToken cancellationToken)
    {
        Origin = (_, connection) => connection.SendAsync(answer);
        await using var caller = await Tunnel.ConnectRawAsync(cancellationToken);
        await caller.SendAsync(request.Replace("{host}", Tunnel.Host, StringComparison.Ordinal), cancellationToken);
        var response = await caller.ReadResponseAsync(cancellationToken, request.Split(' ')[0]);
        await response.ReadBodyAsync(cancellationToken);
        return response;
    }

    /// <summary>Sends a request that the origin answers with 204, and returns it as the origin got it.</summary>
    internal async Task<RawRequest> DeliverAsync(string request, CancellationToken cancellationToken)
    {
        var delivered = new TaskCompletionSource<RawRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        Origin = async (received, connection) =>
        {
            await received.ReadBodyAsync();
            await connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
            delivered.TrySetResult(received);
        };
        await using var caller = await Tunnel.ConnectRawAsync(cancellationToken);
        await caller.SendAsync(request.Replace("{host}", Tunnel.Host, StringComparison.Ordinal), cancellationToken);
        var response = await caller.ReadResponseAsync(cancellationToken, request.Split(' ')[0]);
        Assert.Equal(204, response.StatusCode);
        return await delivered.Task.WaitAsync(cancellationToken);
    }
}
