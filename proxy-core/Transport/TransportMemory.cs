using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Tunnel.ProxyCore.Transport;

/// <summary>The memory that Kestrel reads into and writes from.</summary>
public static class TransportMemory
{
    /// <summary>Bytes of a block. Kestrel's own are 4 KB, so that a large body is read with four times as many calls of the system.</summary>
    private const int BlockBytes = 16 * 1024;

    /// <summary>Lets Kestrel's connections use larger blocks. One that waits for data has none.</summary>
    public static IServiceCollection AddTransportMemory(this IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>, Factory>());

    private sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Blocks();
    }

    private sealed class Blocks : MemoryPool<byte>
    {
        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

        protected override void Dispose(bool disposing) { }
    }
}
