namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Tests(params string[] path) => Path.Combine([Root, "tests", .. path]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tunnel.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside of a checkout");
        }

        return folder.FullName;
    }
}
