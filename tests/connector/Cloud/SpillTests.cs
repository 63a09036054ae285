using Tunnel.Connector.Cloud;
using Tunnel.ProxyCore.Files;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Cloud;

public sealed class SpillTests : IDisposable
{
    private const int MaxLines = 1_000;

    private readonly TemporaryFolder _temporary = new();
    private readonly Losses _losses = new();
    private readonly List<string> _said = [];

    private string Folder => _temporary.PathOf("cloud");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Batches_ComeTogetherInTheirOrder_AndAreThereUntilTheyAreTakenOut()
    {
        using var spill = NewSpill();
        spill.Append(CloudEvents.Batch(1, 2));
        spill.Append(CloudEvents.Batch(3));

        var once = spill.Peek(MaxLines)!;
        var again = spill.Peek(MaxLines)!;
        spill.TakeOut(again);

        Assert.Equal(["tool-1", "tool-2", "tool-3"], CloudEvents.ToolsOf(once.Batch.Coded), StringComparer.Ordinal);
        Assert.Equal(once.Batch.Coded.ToArray(), again.Batch.Coded.ToArray());
        Assert.Equal((3, 3, 0), (once.Batch.Figures.Lines, once.Batch.Figures.Events, once.Batch.Figures.Told));
        Assert.Null(spill.Peek(MaxLines));
        Assert.Equal(0, spill.WaitingBytes);
    }

    [Fact]
    public void Parcel_HasNoMoreLinesThanTheRelayTakes()
    {
        using var spill = NewSpill();
        spill.Append(CloudEvents.Batch(1, 2));
        spill.Append(CloudEvents.Batch(3, 4));
        spill.Append(CloudEvents.Batch(5, 6));

        var four = spill.Peek(5)!;
        spill.TakeOut(four);
        var two = spill.Peek(1)!;

        Assert.Equal((4, 2), (four.Batch.Figures.Lines, two.Batch.Figures.Lines));
    }

    [Fact]
    public void Run_LeavesWhatWaitsToTheNext()
    {
        using (var before = NewSpill())
        {
            before.Append(CloudEvents.Batch(1));
            before.Append(CloudEvents.Batch(2));
            before.TakeOut(before.Peek(1)!);
        }

        using var after = NewSpill();
        after.TakeOver();

        // The first was sent; that it is sent again does no harm, and that the second one is not would.
        Assert.Contains("tool-2", CloudEvents.ToolsOf(after.Peek(MaxLines)!.Batch.Coded), StringComparer.Ordinal);
        after.TakeOut(after.Peek(MaxLines)!);
        after.Dispose();
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void RunThatGoesOn_KeepsItsOwn()
    {
        using var running = NewSpill();
        running.Append(CloudEvents.Batch(1));

        using var other = NewSpill();
        other.TakeOver();

        Assert.Null(other.Peek(MaxLines));
        Assert.NotNull(running.Peek(MaxLines));
    }

    [Fact]
    public async Task WhatOneRunHasLeft_IsTakenOverOnce()
    {
        using (var before = NewSpill())
        {
            before.Append(CloudEvents.Batch(1));
        }

        var runs = Enumerable.Range(0, 8).Select(_ => NewSpill()).ToArray();
        await Task.WhenAll(runs.Select(run => Task.Run(run.TakeOver, TestContext.Current.CancellationToken)));

        Assert.Single(runs, run => run.Peek(MaxLines) is not null);
        Array.ForEach(runs, run => run.Dispose());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(60)]
    public void BatchThatWasCutShort_CostsItselfAndNothingBefore(int bytesMissing)
    {
        LeaveTwo();
        var path = Directory.GetFiles(Folder, "*.spill").Single();
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(file.Length - bytesMissing);
        }

        using var after = NewSpill();
        after.TakeOver();

        Assert.Equal(["tool-1"], CloudEvents.ToolsOf(after.Peek(MaxLines)!.Batch.Coded), StringComparer.Ordinal);
    }

    [Fact]
    public void BatchThatWasDamaged_IsNotSent()
    {
        LeaveTwo();
        var path = Directory.GetFiles(Folder, "*.spill").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[^5] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.WriteAllText(Path.Combine(Folder, "garbage.lock"), "x");
        File.WriteAllText(Path.Combine(Folder, "garbage-000001.spill"), new string('x', 5_000));

        using var after = NewSpill();
        after.TakeOver();

        Assert.Equal(["tool-1"], CloudEvents.ToolsOf(after.Peek(MaxLines)!.Batch.Coded), StringComparer.Ordinal);
    }

    [Fact]
    public void TooMuch_CostsTheOldest_WhichAreCounted()
    {
        using var spill = NewSpill(maxBytes: 64 * 1024);
        for (var number = 0; number < 2_000; number++)
        {
            spill.Append(CloudEvents.Batch(number));
        }

        Assert.InRange(spill.WaitingBytes, 32 * 1024, 64 * 1024);
        Assert.InRange(Directory.GetFiles(Folder, "*.spill").Sum(file => new FileInfo(file).Length), 1, 64 * 1024);
        Assert.Equal($"tool-{_losses.Total}", CloudEvents.ToolsOf(spill.Peek(1)!.Batch.Coded).Single());
        Assert.Contains("events were dropped: more than 64.0KB waited", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public void LossThatIsLost_IsToldAgain()
    {
        using var builder = new BatchBuilder();
        builder.TryAdd(Guid.CreateVersion7(), CloudEvents.Call(1));
        builder.AddLoss(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, 40);

        _losses.Add(builder.Take().Figures);

        Assert.Equal((1, 41), (_losses.Total, _losses.Take()));
        Assert.Equal(0, _losses.Take());
    }

    [Fact]
    public void FolderThatCannotBeUsed_CostsNoEvents()
    {
        File.WriteAllText(Folder, "a file");
        using var spill = NewSpill();

        spill.Append(CloudEvents.Batch(1));
        spill.Append(CloudEvents.Batch(2));

        Assert.Equal(["tool-1", "tool-2"], CloudEvents.ToolsOf(spill.Peek(MaxLines)!.Batch.Coded), StringComparer.Ordinal);
        Assert.Contains("cannot be written to the disk", Assert.Single(_said), StringComparison.Ordinal);
        spill.TakeOut(spill.Peek(MaxLines)!);
        Assert.Null(spill.Peek(MaxLines));
    }

    [Fact]
    public void FolderThatCannotBeUsed_HoldsNoMoreInMemoryThanItMay()
    {
        File.WriteAllText(Folder, "a file");
        using var spill = NewSpill(maxBytes: 64 << 20);
        using var builder = new BatchBuilder();
        for (var batch = 0; batch < 100; batch++)
        {
            // What cannot be coded any shorter.
            for (var number = 0; number < 10; number++)
            {
                var noise = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(40_000));
                builder.TryAdd(Guid.CreateVersion7(), CloudEvents.Call(number) with { Path = noise });
            }

            spill.Append(builder.Take());
        }

        Assert.InRange(spill.WaitingBytes, 6 << 20, 8 << 20);
        Assert.True(_losses.Total > 0);
    }

    [Fact]
    public void Files_AreTheirOwnersOnly()
    {
        using var spill = NewSpill();
        spill.Append(CloudEvents.Batch(1));

        Assert.All(Directory.GetFiles(Folder), file => Assert.False(PrivateFile.IsOpenToOthers(file)));
        Assert.Equal(2, Directory.GetFiles(Folder).Length);
    }

    private void LeaveTwo()
    {
        using var before = NewSpill();
        before.Append(CloudEvents.Batch(1));
        before.Append(CloudEvents.Batch(2));
    }

    private Spill NewSpill(long maxBytes = 16 << 20) =>
        new(Folder, maxBytes, _losses, new CloudNews(_said.Add, TimeProvider.System), TimeProvider.System);
}
