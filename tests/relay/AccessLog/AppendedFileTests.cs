using System.IO.Pipes;
using System.Text;
using Tunnel.Relay.AccessLog;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.AccessLog;

public sealed class AppendedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.PathOf("access.log");

    [Fact]
    public async Task File_IsKeptAndGrows()
    {
        await File.WriteAllTextAsync(Log, "before\n", TestContext.Current.CancellationToken);
        await using var file = new AppendedFile(Log);

        await WriteAsync(file, "one\n");
        await WriteAsync(file, "two\n");

        Assert.Equal("before\none\ntwo\n", Read(Log));
    }

    [Fact]
    public async Task FileThatWasMovedAway_IsLeftWhenToldSo()
    {
        await using var file = new AppendedFile(Log);
        await WriteAsync(file, "one\n");
        File.Move(Log, Log + ".1");
        await WriteAsync(file, "two\n");

        file.Reopen();
        await WriteAsync(file, "three\n");

        Assert.Equal(("one\ntwo\n", "three\n"), (Read(Log + ".1"), Read(Log)));
    }

    [Fact]
    public async Task FileThatWasEmptied_HasNoHole()
    {
        await using var file = new AppendedFile(Log);
        await WriteAsync(file, "one\n");
        await using (var other = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            other.SetLength(0);
        }

        await WriteAsync(file, "two\n");

        Assert.Equal("two\n", Read(Log));
    }

    [Fact]
    public async Task FolderThatIsGone_FailsUntilItIsBack()
    {
        var folder = _folder.PathOf("logs");
        Directory.CreateDirectory(folder);
        await using var file = new AppendedFile(Path.Combine(folder, "access.log"));
        Directory.Delete(folder, recursive: true);
        file.Reopen();

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => WriteAsync(file, "one\n").AsTask());
        Directory.CreateDirectory(folder);
        await WriteAsync(file, "two\n");

        Assert.Equal("two\n", Read(Path.Combine(folder, "access.log")));
    }

    [Fact]
    public async Task Pipe_IsWrittenTo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere pipes that are open have no path");
        await using var reader = new AnonymousPipeServerStream(PipeDirection.In);
        await using var file = new AppendedFile($"/proc/self/fd/{reader.GetClientHandleAsString()}");
        var read = new byte[8];

        await WriteAsync(file, "one\n");
        await WriteAsync(file, "two\n");
        await reader.ReadExactlyAsync(read, TestContext.Current.CancellationToken);

        Assert.Equal("one\ntwo\n", Encoding.ASCII.GetString(read));
    }

    public void Dispose() => _folder.Dispose();

    private static ValueTask WriteAsync(AppendedFile file, string text) =>
        file.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
