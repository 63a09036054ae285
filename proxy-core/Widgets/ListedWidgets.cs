using System.Collections.Concurrent;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// Remembers what lists said of widgets. A policy that we add to what was read hides the one of the list from the host, so it has to
/// contain it. Bounded by count and size.
/// </summary>
internal sealed class ListedWidgets
{
    /// <summary>Widgets remembered at once. Over it all are forgotten, and the next list tells of them again.</summary>
    private const int MaxWidgets = 1024;

    /// <summary>Metadata that is larger than this is not remembered.</summary>
    private const int MaxSize = 16 * 1024;

    private readonly ConcurrentDictionary<(string Server, string Uri), ListedWidget> _widgets = new();

    public void Remember(string server, string uri, ListedWidget widget)
    {
        if ((widget.Ui?.Length ?? 0) + (widget.OpenAiCsp?.Length ?? 0) > MaxSize)
        {
            return;
        }

        if (widget is { Ui: null, OpenAiCsp: null })
        {
            _widgets.TryRemove((server, uri), out _);
            return;
        }

        if (_widgets.Count >= MaxWidgets)
        {
            _widgets.Clear();
        }

        _widgets[(server, uri)] = widget;
    }

    public ListedWidget? Find(string server, string uri) => _widgets.GetValueOrDefault((server, uri));
}
