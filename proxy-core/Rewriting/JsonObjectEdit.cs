using System.Buffers;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Members of one JSON object set or removed; the rest of its text stays as it is, spaces and order too.</summary>
internal sealed class JsonObjectEdit
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly List<JsonMember> _members;
    private readonly JsonEdits _edits = new();
    private readonly ArrayBufferWriter<byte> _added = new();
    private readonly SortedSet<int> _removed = [];

    /// <param name="text">The object, and nothing else.</param>
    public JsonObjectEdit(ReadOnlyMemory<byte> text)
    {
        _text = text;
        _members = JsonPlace.Root(text.Span).Members(text.Span);
    }

    public static ReadOnlyMemory<byte> Empty { get; } = "{}"u8.ToArray();

    /// <summary>The value as it was, or null where there is none of the name.</summary>
    public ReadOnlyMemory<byte>? Find(ReadOnlySpan<byte> name)
    {
        // Not a conditional: its null would be an empty text.
        if (IndexOf(name) is not (>= 0 and var at))
        {
            return null;
        }

        return _text[_members[at].Value.Start.._members[at].Value.End];
    }

    /// <summary>The value as it was, if it is an object.</summary>
    public ReadOnlyMemory<byte>? FindObject(ReadOnlySpan<byte> name)
    {
        var found = Find(name);
        return found is { Span: [(byte)'{', ..] } ? found : null;
    }

    /// <param name="name">The member, new or not. Its name needs no escapes.</param>
    /// <param name="value">Its value as JSON.</param>
    public void Set(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        if (IndexOf(name) is >= 0 and var at)
        {
            _edits.Replace(_members[at].Value.Start, _members[at].Value.Length, value);
            return;
        }

        _added.Write(",\""u8);
        _added.Write(name);
        _added.Write("\":"u8);
        _added.Write(value.Span);
    }

    /// <summary>Takes a member out, with its comma.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _members.Count; i++)
        {
            if (_members[i].IsNamed(_text.Span, name))
            {
                _removed.Add(i);
            }
        }
    }

    /// <returns>The changed object, or null when nothing was.</returns>
    public ReadOnlyMemory<byte>? Apply()
    {
        RemoveRuns();
        if (_added.WrittenCount > 0)
        {
            var end = _members.Count > 0 ? _members[^1].Value.End : JsonPlace.Root(_text.Span).Start + 1;
            // The first member has no comma before it.
            _edits.Replace(end, 0, _removed.Count < _members.Count ? _added.WrittenMemory : _added.WrittenMemory[1..]);
        }

        if (_edits.IsEmpty)
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>(_text.Length + _added.WrittenCount + 64);
        _edits.Apply(_text.Span, output);
        return output.WrittenMemory;
    }

    /// <summary>Neighbours go together: each on its own would take the comma that the other one has.</summary>
    private void RemoveRuns()
    {
        for (var first = 0; first < _members.Count; first++)
        {
            if (!_removed.Contains(first))
            {
                continue;
            }

            var last = first;
            while (_removed.Contains(last + 1))
            {
                last++;
            }

            var start = first > 0 ? _members[first - 1].Value.End : _members[first].NameStart;
            var end = first > 0 || last + 1 == _members.Count ? _members[last].Value.End : _members[last + 1].NameStart;
            _edits.Remove(start, end - start);
            first = last;
        }
    }

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            if (_members[i].IsNamed(_text.Span, name))
            {
                return i;
            }
        }

        return -1;
    }
}
