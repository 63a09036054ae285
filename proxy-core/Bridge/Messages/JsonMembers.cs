using System.Text.Json;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Bridge.Messages;

/// <summary>Changes to the members of an object, by position.</summary>
internal static class JsonMembers
{
    /// <summary>Puts members in front of those that an object has.</summary>
    /// <param name="edits">Takes the change.</param>
    /// <param name="json">The whole text.</param>
    /// <param name="inside">The object.</param>
    /// <param name="members">Such as <c>"a":1,"b":2</c>; not empty.</param>
    public static void Prepend(JsonEdits edits, ReadOnlySpan<byte> json, JsonSpan inside, ReadOnlySpan<byte> members)
    {
        var isEmpty = json[(inside.Start + 1)..].TrimStart(" \t\r\n"u8)[0] == (byte)'}';
        edits.Replace(inside.Start + 1, 0, isEmpty ? members.ToArray() : [.. members, (byte)',']);
    }

    /// <summary>Takes members out, each with one of the commas next to it.</summary>
    public static void Remove(JsonEdits edits, ReadOnlySpan<byte> json, JsonSpan inside, Func<string, bool> isUnwanted)
    {
        if (!inside.Exists || json[inside.Start] != (byte)'{')
        {
            return;
        }

        List<(int Start, int End, bool IsUnwanted)> members = [];
        var reader = JsonObjects.Open(inside.In(json));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = inside.Start + (int)reader.TokenStartIndex;
            var name = reader.GetString()!;
            members.Add((start, inside.Start + JsonObjects.Value(ref reader).End, isUnwanted(name)));
        }

        var hasKept = false;
        for (var index = 0; index < members.Count; index++)
        {
            var (start, end, isOut) = members[index];
            hasKept |= !isOut;
            if (isOut)
            {
                var from = hasKept ? members[index - 1].End : start;
                var to = hasKept || index == members.Count - 1 ? end : members[index + 1].Start;
                edits.Remove(from, to - from);
            }
        }
    }
}
