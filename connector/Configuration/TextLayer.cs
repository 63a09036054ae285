using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>A layer in which every entry is one text: the command line, and the environment.</summary>
internal sealed class TextLayer
{
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    private readonly Dictionary<ConfigurationTables, int> _counts = [];
    private readonly List<ConfigurationProblem> _problems = [];

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    public string OriginOf(string section) => _origins[section];

    public int? CountOf(ConfigurationTables tables) => _counts.TryGetValue(tables, out var count) ? count : null;

    /// <param name="entry">What is set.</param>
    /// <param name="text">What to.</param>
    /// <param name="origin">The option or variable.</param>
    /// <param name="data">Takes the texts by section.</param>
    public void Set(ConfigurationEntry entry, string text, string origin, IDictionary<string, string?> data)
    {
        if (entry is ConfigurationTables tables)
        {
            SetTables(tables, text, origin, data);
            return;
        }

        data[entry.Section] = text;
        _origins[entry.Section] = origin;
        if (entry.FindProblem(text) is { } problem)
        {
            _problems.Add(new ConfigurationProblem(origin, problem));
        }
    }

    private void SetTables(ConfigurationTables tables, string text, string origin, IDictionary<string, string?> data)
    {
        if (ShortTables.Read(tables, text, out var problem) is not { } all)
        {
            _problems.Add(new ConfigurationProblem(origin, problem!));
            return;
        }

        _counts[tables] = all.Length;
        foreach (var (index, table) in all.Index())
        {
            foreach (var (key, value) in table)
            {
                var section = tables.SectionOf(index, key);
                data[section] = value;
                _origins[section] = origin;
            }
        }
    }
}
