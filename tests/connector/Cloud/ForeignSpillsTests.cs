using Tunnel.Connector.Cloud;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Cloud;

public sealed class ForeignSpillsTests : IDisposable
{
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    private readonly TemporaryFolder _temporary = new();
    private readonly List<string> _said = [];

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void WhatWaitsForAnotherToken_StaysWhereItIs_AndIsTold()
    {
        Leave("shop-00000001");

        Review("shop-00000002", s_now);

        Assert.Contains(
            $"events wait in {FolderOf("shop-00000001")} for another token or relay",
            Assert.Single(_said),
            StringComparison.Ordinal
        );
        Assert.Single(Segments("shop-00000001"));
    }

    [Fact]
    public void WhatIsOurs_OrOfOtherServers_IsNoNews()
    {
        Leave("shop-00000001");
        Leave("shop-two-00000001");

        Review("shop-00000001", s_now + TimeSpan.FromDays(1));

        Assert.Empty(_said);
        Assert.Single(Segments("shop-00000001"));
        Assert.Single(Segments("shop-two-00000001"));
    }

    [Fact]
    public void WhatNobodyHasSentForAMonth_IsDeleted()
    {
        Leave("shop-00000001");
        Leave("desk-00000001");
        Leave("shop-00000002");

        Review("shop-00000002", s_now + ForeignSpills.KeptFor + TimeSpan.FromHours(1));

        Assert.Empty(_said);
        Assert.Empty(Directory.GetFiles(FolderOf("shop-00000001")));
        Assert.Empty(Directory.GetFiles(FolderOf("desk-00000001")));
        Assert.Single(Segments("shop-00000002"));
    }

    [Fact]
    public void RunThatGoesOn_KeepsItsOwnHoweverOld()
    {
        using var running = NewSpill("shop-00000001");
        running.Append(CloudEvents.Batch(1));

        Review("shop-00000002", s_now + (2 * ForeignSpills.KeptFor));

        Assert.NotNull(running.Peek(1));
        Assert.Single(Segments("shop-00000001"));
    }

    private void Review(string own, DateTimeOffset now) =>
        ForeignSpills.Review(FolderOf(own), new CloudNews(_said.Add, TimeProvider.System), now);

    private void Leave(string name)
    {
        using var before = NewSpill(name);
        before.Append(CloudEvents.Batch(1));
    }

    private Spill NewSpill(string name) =>
        new(FolderOf(name), 1 << 20, new Losses(), new CloudNews(_said.Add, TimeProvider.System), TimeProvider.System);

    private string[] Segments(string name) => Directory.GetFiles(FolderOf(name), "*.spill");

    private string FolderOf(string name) => _temporary.PathOf($"cloud/{name}");
}
