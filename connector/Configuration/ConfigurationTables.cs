using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>
/// Tables of which a file can have many, in an order that counts:
/// <code>
/// [[server]]
/// name = "files"
/// [[server]]
/// name = "notes"
/// </code>
/// Their keys are the fields of <see cref="ConfigurationSchema"/> below this path: <c>server.name</c>. Like a list they are taken whole
/// from the strongest layer that has any. Where there is a short form, the option and the variable take it:
/// <c>--server files=9001 --server notes=9002</c>, <c>MCPR_SERVER="files=9001 notes=9002"</c>.
/// </summary>
/// <param name="Path">The name in the double brackets.</param>
/// <param name="Description">What one of them is for.</param>
internal sealed record ConfigurationTables(string Path, string Description) : ConfigurationEntry(Path, Description)
{
    /// <summary>How one of them is written outside of files, for people: <c>NAME=ADDRESS</c>. Null where it cannot be.</summary>
    public string? ShortForm { get; init; }

    /// <summary>Whether a key belongs into these tables.</summary>
    public bool Has(ConfigurationKey key) => key.Path.StartsWith(Path + ".", StringComparison.Ordinal);

    /// <summary>One of the tables, counted from 0: <c>server:1</c>.</summary>
    public string SectionOf(int index) => $"{Section}:{index}";

    /// <summary>A key in one of the tables: <c>server:1:name</c>.</summary>
    public string SectionOf(int index, ConfigurationKey key) => SectionOf(index) + key.Section[Section.Length..];

    public override string? FindProblem(string text)
    {
        _ = ShortTables.Read(this, text, out var problem);
        return problem;
    }
}
