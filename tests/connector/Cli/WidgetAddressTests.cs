using Tunnel.Connector.Cli;
using Xunit;

namespace Tunnel.Connector.Tests.Cli;

public sealed class WidgetAddressTests
{
    [Theory]
    [InlineData("5173", "http://localhost:5173/")]
    [InlineData(":5173", "http://localhost:5173/")]
    [InlineData("localhost:5173", "http://localhost:5173/")]
    [InlineData("127.0.0.1:5173/", "http://127.0.0.1:5173/")]
    [InlineData("[::1]:5173", "http://[::1]:5173/")]
    [InlineData("https://dev.example", "https://dev.example/")]
    public void Server_IsWrittenInAnyWayThatHasAPort(string text, string expected)
    {
        var address = WidgetAddress.Parse(text, out var problem);

        Assert.Null(problem);
        Assert.Equal((expected, null), (address?.Server?.AbsoluteUri, address?.Folder));
    }

    [Theory]
    [InlineData("dist")]
    [InlineData("./5173")]
    [InlineData("../a b/dist")]
    [InlineData("/srv/widgets")]
    [InlineData("a:b/dist")]
    [InlineData(".")]
    public void Folder_BecomesAFullPath(string text)
    {
        var address = WidgetAddress.Parse(text, out var problem);

        Assert.Null(problem);
        Assert.Equal((null, Path.GetFullPath(text)), (address?.Server, address?.Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://localhost:21")]
    [InlineData("http://")]
    [InlineData("70000")]
    [InlineData("http://me:secret@localhost:5173")]
    [InlineData("http://localhost:5173/app/")]
    [InlineData("localhost:5173/?x")]
    public void WhatIsNeither_IsRefused(string text)
    {
        Assert.Null(WidgetAddress.Parse(text, out var problem));
        Assert.NotNull(problem);
    }
}
