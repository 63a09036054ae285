using System.Globalization;
using System.Threading.Channels;

namespace Tunnel.EndToEnd.Tests.Network;

/// <summary>
/// A wire between this machine and a network namespace that can be as bad as a test wants. Written here, and not taken from <c>tc netem</c>,
/// because not every kernel has that.
/// </summary>
internal sealed class PacketLink : IAsyncDisposable
{
    private const string FarName = "uplink";

    /// <summary>Packets on their way in one direction; later ones are lost, as in a router with a full queue.</summary>
    private const int MaxOnTheWay = 4096;

    private static int s_last;

    private readonly NetworkNamespace _space;
    private readonly TunDevice _near;
    private readonly TunDevice _far;
    private readonly string _network;
    private readonly List<Task> _directions = [];
    private int _farHost = 2;

    private PacketLink(NetworkNamespace space, string network)
    {
        _space = space;
        _network = network;
        var name = string.Create(CultureInfo.InvariantCulture, $"mc{Environment.ProcessId}x{Interlocked.Increment(ref s_last)}");
        _near = new TunDevice($"{name}a");
        _far = new TunDevice($"{name}b");
    }

    /// <summary>How long every packet takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The part of packets that is lost, 0 to 1.</summary>
    public double Loss { get; set; }

    private string NearAddress => $"{_network}.1/24";

    private string FarAddress => string.Create(CultureInfo.InvariantCulture, $"{_network}.{_farHost}/24");

    /// <param name="space">The other end.</param>
    /// <param name="network">The first three numbers of its addresses; this machine is <c>.1</c>, the other end <c>.2</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<PacketLink> CreateAsync(NetworkNamespace space, string network, CancellationToken cancellationToken)
    {
        var link = new PacketLink(space, network);
        await NetworkNamespace.RunIpAsync(cancellationToken, "addr", "add", link.NearAddress, "dev", link._near.Name);
        await NetworkNamespace.RunIpAsync(cancellationToken, "link", "set", link._near.Name, "up");
        await space.AdoptAsync(link._far.Name, FarName, cancellationToken);
        await space.IpAsync(cancellationToken, "addr", "add", link.FarAddress, "dev", FarName);
        await link.UpAsync(cancellationToken);
        link._directions.Add(link.CarryAsync(link._near, link._far));
        link._directions.Add(link.CarryAsync(link._far, link._near));
        return link;
    }

    /// <summary>The other end's device goes down, and its system notices.</summary>
    public Task DownAsync(CancellationToken cancellationToken) => _space.IpAsync(cancellationToken, "link", "set", FarName, "down");

    public Task UpAsync(CancellationToken cancellationToken) => _space.IpAsync(cancellationToken, "link", "set", FarName, "up");

    /// <summary>The other end loses its address, and gets another.</summary>
    public async Task ChangeAddressAsync(CancellationToken cancellationToken)
    {
        await _space.IpAsync(cancellationToken, "addr", "del", FarAddress, "dev", FarName);
        _farHost++;
        await _space.IpAsync(cancellationToken, "addr", "add", FarAddress, "dev", FarName);
    }

    public async ValueTask DisposeAsync()
    {
        // Devices that go end the reading from them.
        await _space.IpAsync(CancellationToken.None, "link", "del", FarName);
        await NetworkNamespace.RunIpAsync(CancellationToken.None, "link", "del", _near.Name);
        await Task.WhenAll(_directions);
        _near.Dispose();
        _far.Dispose();
    }

    private Task CarryAsync(TunDevice from, TunDevice to)
    {
        var way = Channel.CreateBounded<(long Sent, byte[] Packet)>(
            new BoundedChannelOptions(MaxOnTheWay) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        var reading = Task.Factory.StartNew(
            () => Read(from, way.Writer),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        return Task.WhenAll(reading, DeliverAsync(way.Reader, to));
    }

    private void Read(TunDevice from, ChannelWriter<(long Sent, byte[] Packet)> way)
    {
        var random = new Random(Seed: 1);
        var packet = new byte[TunDevice.MaxPacketBytes];
        while (from.Read(packet) is > 0 and var length)
        {
            if (random.NextDouble() >= Loss)
            {
                way.TryWrite((TimeProvider.System.GetTimestamp(), packet[..length]));
            }
        }

        way.Complete();
    }

    private async Task DeliverAsync(ChannelReader<(long Sent, byte[] Packet)> way, TunDevice to)
    {
        await foreach (var (sent, packet) in way.ReadAllAsync())
        {
            var left = Delay - TimeProvider.System.GetElapsedTime(sent);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, TimeProvider.System);
            }

            to.Write(packet);
        }
    }
}
