using System.Text;

namespace Tunnel.ProxyCore.Configuration.Toml;

/// <summary>
/// Reads a TOML 1.0 document:
/// <code>
/// mcp = "localhost:9000"
/// [tunnel]
/// relay = "https://tunnel.example.com"
/// </code>
/// </summary>
public sealed class TomlReader
{
    /// <summary>A configuration is a few hundred lines; what is larger than this many bytes is something else.</summary>
    public const int MaxFileSize = 1 << 20;

    // Reading is recursive; nobody nests by hand like this.
    private const int MaxDepth = 64;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TomlCursor _cursor;
    private readonly TomlTables _tables = new();
    private int _depth;

    private TomlReader(string text)
    {
        _cursor = new TomlCursor(text);
    }

    /// <returns>The root table.</returns>
    /// <exception cref="TomlException">The bytes are no TOML 1.0.</exception>
    public static TomlValue Read(byte[] utf8) => new TomlReader(Decode(utf8)).ReadDocument();

    /// <returns>All bytes of a file, or null if they are more than <see cref="MaxFileSize"/>.</returns>
    public static byte[]? ReadBytes(Stream file)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxFileSize)
            {
                return null;
            }
        }

        return bytes.ToArray();
    }

    private static string Decode(byte[] utf8)
    {
        var start = utf8.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        try
        {
            return s_strictUtf8.GetString(utf8.AsSpan(start));
        }
        catch (DecoderFallbackException invalid)
        {
            var line = 1 + utf8.AsSpan(0, Math.Clamp(start + invalid.Index, 0, utf8.Length)).Count((byte)'\n');
            throw new TomlException("the file is not UTF-8", line);
        }
    }

    private TomlValue ReadDocument()
    {
        var root = _tables.Root;
        var current = root;
        while (true)
        {
            _cursor.SkipBlank();
            if (_cursor.IsAtEnd)
            {
                return root;
            }

            if (_cursor.Next == '[')
            {
                current = ReadHeader();
            }
            else
            {
                ReadAssignment(current);
            }

            _cursor.ExpectLineEnd();
        }
    }

    /// <summary><c>[table]</c> or <c>[[array.of.tables]]</c>.</summary>
    private TomlValue ReadHeader()
    {
        var line = _cursor.Line;
        var isArray = _cursor.TryTake("[[");
        if (!isArray)
        {
            _cursor.Expect('[');
        }

        var path = ReadKey();
        _cursor.Expect(']');
        if (isArray)
        {
            _cursor.Expect(']');
        }

        return isArray ? _tables.Append(path, line) : _tables.Define(path, line);
    }

    private void ReadAssignment(TomlValue table)
    {
        var line = _cursor.Line;
        var path = ReadKey();
        _cursor.Expect('=');
        _cursor.SkipSpaces();
        _tables.Set(table, path, ReadValue(), line);
    }

    /// <summary><c>a.b."c d"</c>, with the spaces around it.</summary>
    private List<string> ReadKey()
    {
        List<string> path = [];
        do
        {
            _cursor.SkipSpaces();
            path.Add(ReadKeyPart());
            _cursor.SkipSpaces();
        } while (_cursor.TryTake("."));

        return path;
    }

    private string ReadKeyPart()
    {
        if (_cursor.Next is '"' or '\'')
        {
            return TomlStrings.ReadOneLine(_cursor);
        }

        var bare = _cursor.TakeWhile(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
        return bare.Length > 0 ? bare : throw _cursor.Fail($"expected a key but found {_cursor.Found()}");
    }

    private TomlValue ReadValue()
    {
        if (++_depth > MaxDepth)
        {
            throw _cursor.Fail($"values are nested more than {MaxDepth} deep");
        }

        var line = _cursor.Line;
        var value = _cursor.Next switch
        {
            '"' or '\'' => new TomlValue(TomlKind.String, line) { Text = TomlStrings.ReadValue(_cursor) },
            '[' => ReadArray(),
            '{' => ReadInlineTable(),
            _ => ReadScalar(),
        };
        _depth--;
        return value;
    }

    private TomlValue ReadScalar()
    {
        var line = _cursor.Line;
        var text = TakeWord();
        // 1979-05-27 07:32:00 is one value with a space in it.
        if (_cursor.Next == ' ' && char.IsAsciiDigit(_cursor.PeekAt(1)) && TomlScalars.IsDate(text))
        {
            _cursor.Take();
            text += "T" + TakeWord();
        }

        return text.Length == 0
            ? throw _cursor.Fail($"expected a value but found {_cursor.Found()}")
            : TomlScalars.Parse(text, line) ?? throw _cursor.Fail($"'{text}' is no value; text stands in quotes");
    }

    private string TakeWord() =>
        _cursor.TakeWhile(static character => char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '_' or '.' or ':');

    private TomlValue ReadArray()
    {
        var array = new TomlValue(TomlKind.Array, _cursor.Line);
        _cursor.Expect('[');
        _cursor.SkipBlank();
        while (!_cursor.TryTake("]"))
        {
            array.Items.Add(ReadValue());
            _cursor.SkipBlank();
            if (_cursor.Next != ']')
            {
                _cursor.Expect(',');
                _cursor.SkipBlank();
            }
        }

        return array;
    }

    /// <summary><c>{ a = 1, b.c = 2 }</c>, on one line and without a comma at the end.</summary>
    private TomlValue ReadInlineTable()
    {
        var table = _tables.NewInline(_cursor.Line);
        _cursor.Expect('{');
        _cursor.SkipSpaces();
        if (_cursor.TryTake("}"))
        {
            return table;
        }

        while (true)
        {
            ReadAssignment(table);
            _cursor.SkipSpaces();
            if (_cursor.TryTake("}"))
            {
                return table;
            }

            _cursor.Expect(',');
        }
    }
}
