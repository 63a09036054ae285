using Tunnel.Connector.Terminal;
using Xunit;

namespace Tunnel.Connector.Tests.Terminal;

public sealed class ToolPacesTests
{
    private readonly ToolPaces _paces = new();

    [Fact]
    public void CallFarBeyondTheMedian_IsSlow()
    {
        Call("report", 100, 100, 100, 240, 100);

        Assert.Equal(9, Judge("report", 900));
        Assert.Null(Judge("report", 300));
    }

    [Fact]
    public void FewCalls_TellNothingYet()
    {
        Call("report", 100, 100, 100, 100);

        Assert.Null(Judge("report", 5000));
    }

    [Fact]
    public void WhatNobodyNotices_IsNotSlow()
    {
        Call("ping", 1, 1, 1, 1, 1);

        Assert.Null(Judge("ping", 99));
        Assert.Equal(100, Judge("ping", 100));
    }

    [Fact]
    public void ToolThatIsSlowForGood_BecomesTheUsual()
    {
        Call("report", [.. Enumerable.Repeat(100, 100)]);
        Assert.NotNull(Judge("report", 1000));

        Call("report", [.. Enumerable.Repeat(1000, 32)]);

        Assert.Null(Judge("report", 1000));
    }

    [Fact]
    public void FailedCalls_DoNotMakeTheUsual()
    {
        for (var call = 0; call < 10; call++)
        {
            _paces.Judge("report", TimeSpan.FromMilliseconds(1), isSuccess: false);
        }

        Assert.Null(Judge("report", 5000));
    }

    [Fact]
    public void ToolsNotCalledForLongest_AreForgotten()
    {
        Call("old", 100, 100, 100, 100, 100);
        for (var number = 0; number < 1000; number++)
        {
            Call($"tool{number}", 100);
        }

        Assert.Null(Judge("old", 5000));
    }

    private void Call(string tool, params int[] milliseconds)
    {
        foreach (var time in milliseconds)
        {
            Judge(tool, time);
        }
    }

    private double? Judge(string tool, int milliseconds) => _paces.Judge(tool, TimeSpan.FromMilliseconds(milliseconds), isSuccess: true);
}
