namespace Tunnel.Tests;

/// <summary>The only time limit of these tests, for anything that should simply happen.</summary>
internal static class TestLimits
{
    public const int DefaultMilliseconds = 60_000;
}
