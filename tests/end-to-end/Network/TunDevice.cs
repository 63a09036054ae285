using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tunnel.EndToEnd.Tests.Network;

/// <summary>A network device whose wire is this program (Linux <c>tun</c>): what the system sends can be read, what is written arrives.</summary>
internal sealed partial class TunDevice : IDisposable
{
    public const string Path = "/dev/net/tun";

    /// <summary>More than any packet of a device with the usual MTU of 1,500.</summary>
    public const int MaxPacketBytes = 2048;

    // From linux/if_tun.h.
    private const nuint SetInterface = 0x400454ca;
    private const short LayerThree = 0x0001;
    private const short NoPacketInfo = 0x1000;
    private const int NameBytes = 16;
    private const int RequestBytes = 40;

    private readonly SafeFileHandle _wire;

    public TunDevice(string name)
    {
        Name = name;
        _wire = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var request = new byte[RequestBytes];
        Encoding.ASCII.GetBytes(name, request);
        MemoryMarshal.Write(request.AsSpan(NameBytes), LayerThree | NoPacketInfo);
        if (Control(_wire, SetInterface, request) != 0)
        {
            throw new InvalidOperationException($"no tun device {name}: {Marshal.GetLastPInvokeError()}");
        }
    }

    public string Name { get; }

    /// <summary>Waits for a packet.</summary>
    /// <returns>Zero or less when the device is gone.</returns>
    public int Read(byte[] packet) => (int)Read(_wire, packet, (nuint)packet.Length);

    /// <summary>Lets a packet arrive; at a device that is down it is lost, as on any wire.</summary>
    public void Write(byte[] packet) => Write(_wire, packet, (nuint)packet.Length);

    public void Dispose() => _wire.Dispose();

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle file, [Out] byte[] bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle file, byte[] bytes, nuint count);
}
