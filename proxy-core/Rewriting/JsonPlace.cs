using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>A value in a JSON text, by byte position, so that an edit can name it.</summary>
/// <param name="Start">Where its first byte is.</param>
/// <param name="End">Where the first byte after it is.</param>
/// <param name="Kind">Of its first token.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonPlace(int Start, int End, JsonTokenType Kind)
{
    /// <summary>Nesting beyond this is not looked into; the text then goes through as it is.</summary>
    private const int MaxDepth = 256;

    public int Length => End - Start;

    public bool IsObject => Kind == JsonTokenType.StartObject;

    public bool IsArray => Kind == JsonTokenType.StartArray;

    public bool IsString => Kind == JsonTokenType.String;

    /// <summary>The value that is the whole text.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonPlace Root(ReadOnlySpan<byte> text)
    {
        var reader = NewReader(text);
        reader.Read();
        var place = Take(ref reader, offset: 0);
        // What follows must be space, or it is no JSON.
        while (reader.Read()) { }
        return place;
    }

    /// <summary>The members of this object, in their order; none of anything else.</summary>
    public List<JsonMember> Members(ReadOnlySpan<byte> text)
    {
        List<JsonMember> members = [];
        if (!IsObject)
        {
            return members;
        }

        var reader = NewReader(text[Start..End]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, nameEnd) = ((int)reader.TokenStartIndex + Start, (int)reader.TokenStartIndex + Start + reader.ValueSpan.Length + 2);
            reader.Read();
            members.Add(new JsonMember(name, nameEnd, Take(ref reader, Start)));
        }

        return members;
    }

    /// <summary>The items of this array; none of anything else.</summary>
    public List<JsonPlace> Items(ReadOnlySpan<byte> text)
    {
        List<JsonPlace> items = [];
        if (!IsArray)
        {
            return items;
        }

        var reader = NewReader(text[Start..End]);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Take(ref reader, Start));
        }

        return items;
    }

    /// <summary>The member of a name. Of several the last counts, as it does for most readers.</summary>
    public JsonPlace? Member(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        JsonPlace? found = null;
        foreach (var member in Members(text))
        {
            if (member.IsNamed(text, name))
            {
                found = member.Value;
            }
        }

        return found;
    }

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => text[Start..End];

    /// <summary>The text of this string, null of anything else.</summary>
    public string? Text(ReadOnlySpan<byte> text)
    {
        if (!IsString)
        {
            return null;
        }

        var reader = NewReader(Of(text));
        reader.Read();
        return reader.GetString();
    }

    private static JsonPlace Take(ref Utf8JsonReader reader, int offset)
    {
        var (start, kind) = ((int)reader.TokenStartIndex + offset, reader.TokenType);
        reader.Skip();
        return new JsonPlace(start, (int)reader.BytesConsumed + offset, kind);
    }

    private static Utf8JsonReader NewReader(ReadOnlySpan<byte> text) => new(text, new JsonReaderOptions { MaxDepth = MaxDepth });
}

/// <summary>A member of an object in a JSON text.</summary>
/// <param name="NameStart">Where the quote before its name is.</param>
/// <param name="NameEnd">Where the first byte after the name's other quote is.</param>
/// <param name="Value">Its value.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonMember(int NameStart, int NameEnd, JsonPlace Value)
{
    public bool IsNamed(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var written = text[NameStart..NameEnd];
        if (!written.Contains((byte)'\\'))
        {
            return written[1..^1].SequenceEqual(name);
        }

        var reader = new Utf8JsonReader(written);
        return reader.Read() && reader.ValueTextEquals(name);
    }
}
