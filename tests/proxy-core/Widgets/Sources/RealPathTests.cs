using Tunnel.ProxyCore.Widgets.Sources;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets.Sources;

public sealed class RealPathTests : IDisposable
{
    private readonly string _folder = RealPath.Of(Directory.CreateTempSubdirectory("mcpr-test-").FullName)!;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Links_AreFollowedOnTheWayAndAtTheEnd()
    {
        Directory.CreateDirectory(At("real/inner"));
        File.WriteAllText(At("real/file"), "x");
        Directory.CreateSymbolicLink(At("absolute"), At("real"));
        Directory.CreateSymbolicLink(At("real/inner/up"), "../..");
        File.CreateSymbolicLink(At("end"), "absolute/inner/up/real/file");

        Assert.Equal(At("real/file"), RealPath.Of(At("end")));
        Assert.Equal(At("real/inner"), RealPath.Of(At("absolute/inner/up/absolute/inner")));
    }

    [Fact]
    public void WhatIsNotThere_StaysAsItIs()
    {
        Assert.Equal(At("no/such/file"), RealPath.Of(At("no/such/file")));
    }

    [Fact]
    public void Circle_LeadsNowhere()
    {
        File.CreateSymbolicLink(At("a"), "b");
        File.CreateSymbolicLink(At("b"), "a");

        Assert.Null(RealPath.Of(At("a")));
    }

    private string At(string path) => Path.Combine(_folder, path);
}
