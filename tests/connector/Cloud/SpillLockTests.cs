using Tunnel.Connector.Cloud;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Cloud;

public sealed class SpillLockTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Folder => _temporary.PathOf("cloud");

    public void Dispose() => _temporary.Dispose();

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RunThatBegins_IsNeverTakenForOneThatHasEnded()
    {
        using var done = new CancellationTokenSource();
        var looking = Enumerable
            .Range(0, 2)
            .Select(_ =>
                Task.Run(
                    () =>
                    {
                        while (!done.IsCancellationRequested)
                        {
                            foreach (var left in SpillLock.TakeLeft(Folder))
                            {
                                left.Delete();
                            }
                        }
                    },
                    TestContext.Current.CancellationToken
                )
            )
            .ToArray();

        for (var i = 0; i < 500; i++)
        {
            using var run = SpillLock.Create(Folder, TimeProvider.System.GetUtcNow());
            File.WriteAllText(run.NextSegment(), string.Empty);
            // Some time for those who look, in which they must not find it.
            await Task.Yield();
            Assert.Single(run.FindSegments(), File.Exists);
            Assert.Single(Directory.GetFiles(Folder, "*.lock"));
            File.Delete(run.FindSegments().Single());
            run.Delete();
        }

        await done.CancelAsync();
        await Task.WhenAll(looking);
        Assert.Empty(Directory.GetFiles(Folder));
    }
}
