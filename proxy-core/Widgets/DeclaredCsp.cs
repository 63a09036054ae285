using System.Text;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>The lists of one policy object as its server wrote them.</summary>
internal sealed class DeclaredCsp
{
    private readonly Dictionary<CspDirective, IReadOnlyList<string>> _lists = [];

    public static DeclaredCsp None { get; } = new();

    /// <summary>Null where there is no such list.</summary>
    public IReadOnlyList<string>? Of(CspDirective directive) => _lists.GetValueOrDefault(directive);

    /// <param name="csp">The object, null where there is none.</param>
    /// <param name="spelling">The names of its lists.</param>
    public static DeclaredCsp Read(ReadOnlyMemory<byte>? csp, WidgetSpelling spelling)
    {
        if (csp is not { } text)
        {
            return None;
        }

        var declared = new DeclaredCsp();
        var root = JsonPlace.Root(text.Span);
        foreach (var (directive, name) in spelling.Lists)
        {
            if (root.Member(text.Span, Encoding.ASCII.GetBytes(name)) is { IsArray: true } list)
            {
                declared._lists[directive] = Texts(list, text.Span);
            }
        }

        return declared;
    }

    private static List<string> Texts(JsonPlace list, ReadOnlySpan<byte> text)
    {
        List<string> texts = [];
        foreach (var item in list.Items(text))
        {
            // What is no text is no source; it is told as it stands there.
            texts.Add(item.Text(text) ?? Encoding.UTF8.GetString(item.Of(text)));
        }

        return texts;
    }
}
