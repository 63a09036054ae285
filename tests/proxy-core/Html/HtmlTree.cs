using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Tunnel.ProxyCore.Html;

namespace Tunnel.ProxyCore.Tests.Html;

/// <summary>
/// Writes down a document as another parser sees it, with a policy applied to what bears URLs. What counts as such is told here once more, by
/// names, from the tree and not from the bytes.
/// </summary>
internal sealed class HtmlTree(IUrlMap? map)
{
    private const string Html = "http://www.w3.org/1999/xhtml";

    private static readonly Dictionary<string, string[]> s_urls = new(StringComparer.Ordinal)
    {
        ["href"] = ["a", "area", "link", "base"],
        ["src"] = ["img", "script", "iframe", "frame", "embed", "audio", "video", "source", "track", "input", "image"],
        ["action"] = ["form"],
        ["formaction"] = ["button", "input"],
        ["poster"] = ["video"],
        ["data"] = ["object"],
        ["background"] = ["body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"],
        ["manifest"] = ["html"],
        ["cite"] = ["blockquote", "q", "ins", "del"],
        ["longdesc"] = ["img", "iframe", "frame", "image"],
    };

    private readonly StringBuilder _lines = new();
    private readonly AttributeValue _values = new();

    public static string Describe(byte[] html, IUrlMap? map)
    {
        var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(Encoding.UTF8.GetString(html));
        var tree = new HtmlTree(map);
        tree.Describe(document, depth: 0);
        return tree._lines.ToString();
    }

    private void Describe(INode node, int depth)
    {
        _lines.Append(' ', depth);
        switch (node)
        {
            case IElement element:
                _lines.Append(element.NamespaceUri).Append(' ').Append(element.LocalName).Append('\n');
                foreach (var attribute in element.Attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal))
                {
                    _lines.Append(' ', depth + 1).Append(attribute.Name).Append(" = ").Append(ValueOf(element, attribute)).Append('\n');
                }

                break;
            default:
                _lines.Append(node.NodeType).Append(' ').Append(TextOf(node)).Append('\n');
                break;
        }

        foreach (var child in node is IHtmlTemplateElement template ? template.Content.ChildNodes : node.ChildNodes)
        {
            Describe(child, depth + 1);
        }
    }

    private string TextOf(INode node)
    {
        var isCss =
            map is not null
            && node is { NodeType: NodeType.Text, PreviousSibling: null, ParentElement: { LocalName: "style" } style }
            && (style.GetAttribute("type") is not { Length: > 0 } type || type.Equals("text/css", StringComparison.OrdinalIgnoreCase));
        return isCss ? Pieces.Css(node.TextContent, map!) : node.TextContent;
    }

    private string ValueOf(IElement element, IAttr attribute)
    {
        if (map is null || FormOf(element, attribute.Name) is not { } form)
        {
            return attribute.Value;
        }

        // The values are decoded here: an ampersand is one.
        var text = Encoding.UTF8.GetBytes(attribute.Value.Replace("&", "&amp;", StringComparison.Ordinal));
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        _values.Read(text, form, map);
        _values.Write(text, (byte)'"', output);
        return System.Net.WebUtility.HtmlDecode(Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static UrlForm? FormOf(IElement element, string name) =>
        name == "style" ? (element.LocalName == "meta" ? null : UrlForm.Css)
        : element.NamespaceUri != Html ? (name is "href" or "xlink:href" ? UrlForm.Url : null)
        : name == "srcset" && element.LocalName is "img" or "source" ? UrlForm.Candidates
        : name == "imagesrcset" && element.LocalName is "link" ? UrlForm.Candidates
        : name == "content" && element.LocalName is "meta" && IsRefresh(element) ? UrlForm.Refresh
        : s_urls.TryGetValue(name, out var elements) && elements.Contains(element.LocalName) ? UrlForm.Url
        : null;

    private static bool IsRefresh(IElement meta) => "refresh".Equals(meta.GetAttribute("http-equiv"), StringComparison.OrdinalIgnoreCase);
}
