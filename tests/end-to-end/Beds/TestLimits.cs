namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>The only time limits of these tests: generous where a machine may be busy, named where the product promises one.</summary>
internal static class TestLimits
{
    /// <summary>For anything that should simply happen.</summary>
    public const int DefaultMilliseconds = 30_000;

    /// <summary>For what starts a browser and a dev server first.</summary>
    public const int BrowserMilliseconds = 60_000;

    /// <summary>For tests that break things over and over.</summary>
    public const int LongMilliseconds = 240_000;

    public static TimeSpan Default { get; } = TimeSpan.FromMilliseconds(DefaultMilliseconds);
}
