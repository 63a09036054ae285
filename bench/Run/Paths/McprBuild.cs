namespace Tunnel.Bench.Run.Paths;

/// <summary>The programs of one build. Two builds in the same rounds show what a change gives.</summary>
/// <param name="Name">What tells it apart in tables; null for that of this checkout.</param>
internal sealed record McprBuild(string? Name, string Connector, string Relay)
{
    public static McprBuild Ours { get; } = new(Name: null, Programs.Connector, Programs.Relay);

    /// <summary>One that somebody has: a folder with <c>mcpr</c> and <c>mcpr-relay</c>, or a checkout that is built.</summary>
    public static McprBuild Of(string name, string folder)
    {
        var built = Path.Combine(folder, "artifacts", "bin");
        return Directory.Exists(built)
            ? new McprBuild(
                name,
                Path.Combine(built, "Connector", "release", "mcpr"),
                Path.Combine(built, "Relay", "release", "mcpr-relay")
            )
            : new McprBuild(name, Path.Combine(folder, "mcpr"), Path.Combine(folder, "mcpr-relay"));
    }

    /// <summary>The name of a path, with the build if it is not that of this checkout.</summary>
    public string Named(string path) => Name is null ? path : $"{path} ({Name})";
}
