using System.Text.Json;

namespace Tunnel.ProxyCore.Bridge.Messages;

/// <summary>Finds members of objects without reading what is in between.</summary>
internal static class JsonObjects
{
    /// <summary>Nesting that is still looked through; deeper than any message means something.</summary>
    public const int MaxDepth = 1000;

    public static Utf8JsonReader Open(ReadOnlySpan<byte> json) =>
        new(json, isFinalBlock: true, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));

    /// <summary>The value of a member. Where the name is there twice the last one counts, as in most parsers.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="inside">The object in it; anything else has no members.</param>
    /// <param name="name">The member.</param>
    public static JsonSpan Find(ReadOnlySpan<byte> json, JsonSpan inside, ReadOnlySpan<byte> name)
    {
        var found = default(JsonSpan);
        if (!inside.Exists || json[inside.Start] != (byte)'{')
        {
            return found;
        }

        var reader = Open(inside.In(json));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            var value = Value(ref reader);
            if (isIt)
            {
                found = new JsonSpan(inside.Start + value.Start, value.Length);
            }
        }

        return found;
    }

    /// <summary>The value behind a chain of members, such as <c>params</c>, <c>_meta</c>, <c>progressToken</c>.</summary>
    public static JsonSpan Find(ReadOnlySpan<byte> json, JsonSpan inside, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner) =>
        Find(json, Find(json, inside, outer), inner);

    /// <summary>Reads over the value that comes next.</summary>
    public static JsonSpan Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonSpan(start, (int)reader.BytesConsumed - start);
    }

    /// <summary>Every member of an object: its name, unescaped, and where its value is.</summary>
    public static List<(string Name, JsonSpan Value)> Members(ReadOnlySpan<byte> json, JsonSpan inside)
    {
        List<(string, JsonSpan)> members = [];
        if (!inside.Exists || json[inside.Start] != (byte)'{')
        {
            return members;
        }

        var reader = Open(inside.In(json));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var value = Value(ref reader);
            members.Add((name, new JsonSpan(inside.Start + value.Start, value.Length)));
        }

        return members;
    }

    /// <summary>The items of an array.</summary>
    public static List<JsonSpan> Items(ReadOnlySpan<byte> json)
    {
        List<JsonSpan> items = [];
        var reader = Open(json);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(new JsonSpan(start, (int)reader.BytesConsumed - start));
        }

        return items;
    }
}
