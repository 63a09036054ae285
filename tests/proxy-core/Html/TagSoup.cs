using System.Text;

namespace Tunnel.ProxyCore.Tests.Html;

/// <summary>
/// Makes markup that nobody would write. Two things are left out in which a browser needs the whole tree, and a stream cannot follow it: SVG and
/// MathML are closed by their own end tags, and there are no frame sets and no elements inside <c>select</c>.
/// </summary>
internal sealed class TagSoup(int seed)
{
    private static readonly string[] s_names =
    [
        "a",
        "img",
        "div",
        "p",
        "span",
        "b",
        "table",
        "tr",
        "td",
        "li",
        "form",
        "input",
        "video",
        "source",
        "link",
        "object",
        "meta",
        "template",
        "blockquote",
        "custom-part",
        "button",
        "embed",
        "A",
        "IMG",
        "nobr",
        "h1",
        "font",
        "image",
        "base",
    ];
    private static readonly string[] s_textNames =
    [
        "script",
        "style",
        "title",
        "textarea",
        "xmp",
        "noscript",
        "iframe",
        "noembed",
        "SCRIPT",
        "Style",
    ];
    private static readonly string[] s_attributes =
    [
        "href",
        "src",
        "srcset",
        "style",
        "action",
        "formaction",
        "data",
        "poster",
        "content",
        "http-equiv",
        "class",
        "HREF",
        "Src",
        "xlink:href",
        "x",
        "=",
        "imagesrcset",
        "type",
        "background",
        "cite",
        "a\"",
        "b'",
        "c<",
        "href",
    ];
    private static readonly string[] s_values =
    [
        "/a.png",
        "b/c?d=1&e=2",
        "/f?g&amp;h",
        "&#x2f;i",
        "a b c",
        "",
        " ",
        "#x",
        "data:,x",
        "javascript:x()",
        "j.png 1x, /k.png 2x",
        "url(/l) url('m')",
        "color:red;b:url(n",
        "@import '/o'",
        "0;url=/p",
        "refresh",
        "text/css",
        "text/html",
        "q&quot;r&lt;",
        "&amp",
        "&ampx",
        "&colon;&sol;",
        "url(\\2f x)",
        "é",
        ",,a,",
        "/a,/b 2x",
        "'",
        "\"",
        ">",
        "http://localhost:5173/s",
        "//t/u",
        "image-set('v' 1x)",
        "a\nb",
        "&#0;",
        "&#xD800;",
        "&#x80;",
        "&unknown;",
    ];
    private static readonly string[] s_text =
    [
        "text",
        " ",
        "<",
        "</",
        "<!",
        "<!-",
        "<!--",
        "-->",
        "--!>",
        "--",
        ">",
        "</>",
        "<?",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&lt;a href=/no>",
        "<!doctype html>",
        "a<b",
        "<a",
        "'",
        "\"",
        "/",
        "=",
        "url(/x)",
        "@import '/y';",
        "/*",
        "*/",
        "\\",
        "\n",
        "\r\n",
        "\t",
        "é",
        "<!-->",
        "<!--->",
        "</script",
        "</style",
        "<script",
        "</titl",
        "{}",
        ";",
    ];
    private static readonly string[] s_foreign = ["g", "use", "image", "path", "script", "style", "a", "textPath"];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();

    public int Next(int maximum) => _random.Next(maximum);

    public string Document(int parts)
    {
        _text.Clear();
        for (var part = 0; part < parts; part++)
        {
            switch (Next(12))
            {
                case < 5:
                    Tag(Pick(s_names));
                    break;
                case 5:
                    _text.Append("</").Append(Pick(s_names)).Append('>');
                    break;
                case 6:
                    TextElement();
                    break;
                case 7:
                    Drawing();
                    break;
                case 8:
                    _text.Append("<!--").Append(Pick(s_text)).Append(Pick(s_text)).Append("-->");
                    break;
                default:
                    _text.Append(Pick(s_text));
                    break;
            }
        }

        return _text.ToString();
    }

    /// <summary>The document with a few of its bytes changed, lost or doubled.</summary>
    public byte[] Damaged(byte[] document)
    {
        var damaged = document.ToList();
        for (var count = 1 + Next(8); count > 0 && damaged.Count > 0; count--)
        {
            var index = Next(damaged.Count);
            switch (Next(3))
            {
                case 0:
                    damaged[index] = (byte)Next(256);
                    break;
                case 1:
                    damaged.RemoveRange(index, Math.Min(Next(20), damaged.Count - index));
                    break;
                default:
                    damaged.InsertRange(index, damaged.GetRange(index, Math.Min(Next(20), damaged.Count - index)));
                    break;
            }
        }

        return [.. damaged];
    }

    private string Pick(string[] choices) => choices[Next(choices.Length)];

    private void Tag(string name, string? end = null)
    {
        _text.Append('<').Append(name);
        for (var count = Next(5); count > 0; count--)
        {
            _text.Append(Pick([" ", "\n", "/", " / ", "\t "])).Append(Pick(s_attributes));
            var value = Pick(s_values);

            // What swallows the end of a drawing would have it closed from outside.
            value = end is null ? value : value.Trim('\'', '"');
            _text.Append(
                Next(4) switch
                {
                    0 => $"=\"{value.Replace("\"", "", StringComparison.Ordinal)}\"",
                    1 => $" = '{value.Replace("'", "", StringComparison.Ordinal)}'",
                    2 =>
                        $"={value.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal)}",
                    _ => "",
                }
            );
        }

        _text.Append(end ?? Pick([">", " >", "/>", " />"]));
    }

    private void TextElement()
    {
        var name = Pick(s_textNames);
        Tag(name);
        for (var count = Next(6); count > 0; count--)
        {
            _text.Append(Pick(s_text));
        }

        _text.Append("</").Append(name).Append(Pick([">", " >", "/>", "\n x=y>"]));
    }

    private void Drawing()
    {
        _text.Append("<svg>");
        for (var count = Next(5); count > 0; count--)
        {
            var name = Pick(s_foreign);
            if (Next(3) == 0)
            {
                Tag(name, "/>");
                continue;
            }

            Tag(name, ">");
            _text.Append(
                Pick([
                    "text",
                    "<![CDATA[<a href=/no>]]>",
                    "<title>t<![CDATA[u]]></title>",
                    "<desc><a href=/v>v</a></desc>",
                    "a{b:url(/w)} @import 'x'",
                    "<!-- -->a{b:url(/no)}",
                    "&amp;",
                ])
            );
            _text.Append("</").Append(name).Append('>');
        }

        _text.Append("</svg>");
    }
}
