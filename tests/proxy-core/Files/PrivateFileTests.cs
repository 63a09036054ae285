using System.Globalization;
using Tunnel.ProxyCore.Files;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Files;

public sealed class PrivateFileTests : IDisposable
{
    private const int Creators = 4;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FileThatSeveralCreateAtOnce_IsThatOfTheFirstForAll()
    {
        for (var round = 0; round < 100; round++)
        {
            var path = _folder.PathOf(round.ToString(CultureInfo.InvariantCulture));
            using var start = new Barrier(Creators);
            var read = await Task.WhenAll(
                Enumerable.Range(0, Creators).Select(one => OnThreadAsync(() => CreateAndRead(path, one, start)))
            );

            Assert.Single(read.Distinct(StringComparer.Ordinal));
        }

        Assert.Equal(100, Directory.GetFiles(_folder.FullName).Length);
    }

    [Fact]
    public void FileThatIsThere_Stays()
    {
        var path = _folder.PathOf("file");
        PrivateFile.Create(path, "first");
        PrivateFile.Create(path, "second");

        Assert.Equal("first", File.ReadAllText(path));
        Assert.False(PrivateFile.IsOpenToOthers(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder.FullName)));
    }

    public void Dispose() => _folder.Dispose();

    private static string CreateAndRead(string path, int one, Barrier start)
    {
        start.SignalAndWait(Token);
        PrivateFile.Create(path, one.ToString(CultureInfo.InvariantCulture));
        return File.ReadAllText(path);
    }

    private static Task<string> OnThreadAsync(Func<string> work) =>
        Task.Factory.StartNew(work, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
