namespace Tunnel.ProxyCore.Configuration.Toml;

/// <summary>
/// Who may still add to which table:
/// <code>
/// came into being by      [header] may define it   [a.header] may go through   dotted keys may go through
/// [header.below.it]       once                     yes                         no
/// [header], [[header]]    no                       yes                         no
/// dotted.key = 1          no                       yes                         yes
/// { inline }              no                       no                          no
/// </code>
/// </summary>
internal sealed class TomlTables
{
    private readonly Dictionary<TomlValue, By> _tables = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<TomlValue> _openArrays = new(ReferenceEqualityComparer.Instance);

    public TomlTables()
    {
        Root = NewTable(By.Header, line: 1);
    }

    private enum By
    {
        HeaderBelow,
        Header,
        DottedKey,
        Inline,
    }

    public TomlValue Root { get; }

    public TomlValue NewInline(int line) => NewTable(By.Inline, line);

    /// <summary><c>[path]</c></summary>
    public TomlValue Define(List<string> path, int line)
    {
        var parent = WalkHeader(path, line);
        if (!parent.Members.TryGetValue(path[^1], out var table))
        {
            return parent.Members[path[^1]] = NewTable(By.Header, line);
        }

        if (table.Kind != TomlKind.Table || _tables[table] != By.HeaderBelow)
        {
            throw Twice(path, line);
        }

        _tables[table] = By.Header;
        return table;
    }

    /// <summary><c>[[path]]</c></summary>
    public TomlValue Append(List<string> path, int line)
    {
        var parent = WalkHeader(path, line);
        if (!parent.Members.TryGetValue(path[^1], out var array))
        {
            array = parent.Members[path[^1]] = new TomlValue(TomlKind.Array, line);
            _openArrays.Add(array);
        }
        else if (!_openArrays.Contains(array))
        {
            throw Twice(path, line);
        }

        var table = NewTable(By.Header, line);
        array.Items.Add(table);
        return table;
    }

    /// <summary><c>dotted.path = value</c> in a table.</summary>
    public void Set(TomlValue table, List<string> path, TomlValue value, int line)
    {
        foreach (var part in path.SkipLast(1))
        {
            if (!table.Members.TryGetValue(part, out var next))
            {
                next = table.Members[part] = NewTable(By.DottedKey, line);
            }
            else if (next.Kind != TomlKind.Table || _tables[next] != By.DottedKey)
            {
                throw Twice(path, line);
            }

            table = next;
        }

        if (!table.Members.TryAdd(path[^1], value))
        {
            throw Twice(path, line);
        }
    }

    private TomlValue WalkHeader(List<string> path, int line)
    {
        var table = Root;
        foreach (var part in path.SkipLast(1))
        {
            if (!table.Members.TryGetValue(part, out var next))
            {
                next = table.Members[part] = NewTable(By.HeaderBelow, line);
            }
            else if (_openArrays.Contains(next))
            {
                next = next.Items[^1];
            }
            else if (next.Kind != TomlKind.Table || _tables[next] == By.Inline)
            {
                throw Twice(path, line);
            }

            table = next;
        }

        return table;
    }

    private TomlValue NewTable(By by, int line)
    {
        var table = new TomlValue(TomlKind.Table, line);
        _tables[table] = by;
        return table;
    }

    private static TomlException Twice(List<string> path, int line) => new($"{string.Join('.', path)} is there already", line);
}
