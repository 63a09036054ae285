using Tunnel.ProxyCore.Remote;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Remote;

/// <summary>What nobody foresaw on the way to the server.</summary>
public sealed class OwnFaultTests
{
    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EveryRequest_IsAnsweredAndTheSessionGoesOn()
    {
        var login = new BrokenLogin();
        await using var bed = await RemoteBed.StartAsync(login: login);

        await bed.WriteAsync(RemoteBed.Initialize);
        var first = await bed.ReadAsync();
        login.IsBroken = false;
        await bed.BeginAsync();
        login.IsBroken = true;
        await bed.WriteAsync(
            """{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""",
            """{"jsonrpc":"2.0","id":7,"method":"tools/list"}"""
        );
        var second = await bed.ReadAsync();
        login.IsBroken = false;
        await bed.WriteAsync("""{"jsonrpc":"2.0","id":8,"method":"tools/list"}""");
        var third = await bed.ReadAsync();

        Assert.StartsWith("""{"jsonrpc":"2.0","id":0,"error":{"code":4105,""", first, StringComparison.Ordinal);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":7,"error":{"code":4105,""", second, StringComparison.Ordinal);
        Assert.Equal("""{"jsonrpc":"2.0","id":8,"result":{}}""", third);
    }

    private sealed class BrokenLogin : IRemoteLogin
    {
        public bool IsBroken { get; set; } = true;

        public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) =>
            IsBroken ? throw new InvalidOperationException("not foreseen") : default;

        public Task<bool> RenewAsync(IReadOnlyList<string> challenges, string? refused, CancellationToken cancellationToken) =>
            Task.FromResult(false);
    }
}
