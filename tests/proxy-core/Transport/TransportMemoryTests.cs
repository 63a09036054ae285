using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Transport;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Transport;

public sealed class TransportMemoryTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddTransportMemory().BuildServiceProvider();
    private readonly MemoryPool<byte> _pool;

    public TransportMemoryTests()
    {
        _pool = _services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
    }

    [Fact]
    public void BlockThatWasGivenBack_IsRentedAgainWithItsOwner()
    {
        var first = _pool.Rent();
        first.Dispose();

        Assert.Same(first, _pool.Rent());
    }

    [Fact]
    public void BlocksThatAreOut_AreNotRentedAgain()
    {
        using var first = _pool.Rent();
        using var second = _pool.Rent(4096);

        Assert.False(first.Memory.Span.Overlaps(second.Memory.Span));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65 * 1024)]
    [InlineData((65 * 1024) + 1)]
    public void Memory_IsAsLargeAsWasAskedFor(int bytes)
    {
        using var owner = _pool.Rent(bytes);

        Assert.True(owner.Memory.Length >= bytes);
    }

    public void Dispose()
    {
        _pool.Dispose();
        _services.Dispose();
    }
}
