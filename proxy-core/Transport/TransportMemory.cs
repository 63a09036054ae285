using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ObjectPool;

namespace Tunnel.ProxyCore.Transport;

/// <summary>The memory that Kestrel reads into and writes from.</summary>
public static class TransportMemory
{
    /// <summary>
    /// Bytes of a block. Kestrel's own are 4 KB, so that a large body is read with sixteen times as many calls of the system. No power of two:
    /// the first lines of blocks that lie 64 KB apart would share a few places of the processor's cache, and short requests use no others.
    /// </summary>
    private const int BlockBytes = 65 * 1024;

    /// <summary>
    /// Blocks of a pool that are kept while nobody uses them; Kestrel has a pool for each of its queues. Large bodies make that 17 MB, short requests a sixteenth, for
    /// they touch only the beginning. With fewer, each of 256 callers would cost a new block for each request.
    /// </summary>
    private const int MaxKept = 256;

    /// <summary>Lets Kestrel's connections use larger blocks. One that waits for data has none.</summary>
    public static IServiceCollection AddTransportMemory(this IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>, Factory>());

    private sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Blocks();
    }

    /// <summary>Blocks that the collector does not move, so that a socket needs no handle to pin one, and that are given again with their owners.</summary>
    private sealed class Blocks : MemoryPool<byte>
    {
        private readonly DefaultObjectPool<Block> _kept;

        public Blocks()
        {
            _kept = new DefaultObjectPool<Block>(new Policy(this), MaxKept);
        }

        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
            minBufferSize > BlockBytes ? Shared.Rent(minBufferSize) : _kept.Get();

        public void Return(Block block) => _kept.Return(block);

        // Blocks that are still out belong to connections that end; nobody rents them again.
        protected override void Dispose(bool disposing) { }
    }

    private sealed class Block(Blocks pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } =
            MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose() => pool.Return(this);
    }

    private sealed class Policy(Blocks pool) : PooledObjectPolicy<Block>
    {
        public override Block Create() => new(pool);

        public override bool Return(Block obj) => true;
    }
}
