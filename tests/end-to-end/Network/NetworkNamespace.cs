using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Network;

/// <summary>A network of its own, in which programs and sockets can be, and whose devices and addresses a test can change. Takes root.</summary>
internal sealed partial class NetworkNamespace : IAsyncDisposable
{
    private const int NetworkKind = 0x40000000; // CLONE_NEWNET of sched.h

    private static int s_last;

    private NetworkNamespace(string name)
    {
        Name = name;
    }

    /// <summary>What a command begins with that shall run in here.</summary>
    public IReadOnlyList<string> Prefix => ["ip", "netns", "exec", Name];

    private string Name { get; }

    private string SettingsFolder => Path.Combine("/etc/netns", Name);

    /// <param name="hosts">What <c>/etc/hosts</c> says to programs in here.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<NetworkNamespace> CreateAsync(string hosts, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref s_last);
        var space = new NetworkNamespace(string.Create(CultureInfo.InvariantCulture, $"mcpr-test-{Environment.ProcessId}-{number}"));
        Directory.CreateDirectory(space.SettingsFolder);
        await File.WriteAllTextAsync(Path.Combine(space.SettingsFolder, "hosts"), hosts, cancellationToken);
        await RunIpAsync(cancellationToken, "netns", "add", space.Name);
        await space.IpAsync(cancellationToken, "link", "set", "lo", "up");
        return space;
    }

    public static async Task RunIpAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        await using var ip = ChildProcess.Start("ip", arguments);
        if (await ip.WaitForExitAsync(cancellationToken) != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {string.Join(' ', ip.Error.Lines)}");
        }
    }

    /// <summary>An <c>ip</c> command on the devices in here.</summary>
    public Task IpAsync(CancellationToken cancellationToken, params string[] arguments) =>
        RunIpAsync(cancellationToken, ["-n", Name, .. arguments]);

    /// <summary>Takes a device of the machine in here, under another name.</summary>
    public Task AdoptAsync(string device, string name, CancellationToken cancellationToken) =>
        RunIpAsync(cancellationToken, "link", "set", device, "netns", Name, "name", name);

    /// <summary>Runs something on a thread that is in here: sockets belong to the network in which they are made.</summary>
    public Task<T> RunAsync<T>(Func<T> run)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                using var space = File.OpenHandle(Path.Combine("/run/netns", Name), share: FileShare.ReadWrite);
                if (EnterNamespace(space, NetworkKind) != 0)
                {
                    throw new InvalidOperationException($"setns failed: {Marshal.GetLastPInvokeError()}");
                }

                result.SetResult(run());
            }
            catch (Exception failed)
            {
                result.SetException(failed);
            }
        });
        thread.Start();
        return result.Task;
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(SettingsFolder, recursive: true);
        await RunIpAsync(CancellationToken.None, "netns", "del", Name);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterNamespace(SafeFileHandle space, int kind);
}
