using System.Diagnostics.CodeAnalysis;

namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>Another name: <c>search -> find_files</c>, or of many names at once, <c>* -> files_*</c>.</summary>
public sealed record Renaming
{
    private const string Arrow = "->";

    private Renaming(string own, string shown)
    {
        Own = own;
        Shown = shown;
    }

    /// <summary>The server's name, with at most one <c>*</c>.</summary>
    public string Own { get; }

    /// <summary>The name for callers, with a <c>*</c> for what the other one stood for.</summary>
    public string Shown { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out Renaming? renaming)
    {
        var parts = text.Split(Arrow, StringSplitOptions.TrimEntries);
        renaming =
            parts is [{ Length: > 0 } own, { Length: > 0 } shown] && own.Count('*') == shown.Count('*') && own.Count('*') <= 1
                ? new Renaming(own, shown)
                : null;
        return renaming is not null;
    }

    /// <returns>What callers call it, or null when this is about other names.</returns>
    public string? Show(string own) => Replace(own, Own, Shown);

    /// <returns>What the server calls it, or null when this is about other names.</returns>
    public string? Recover(string shown) => Replace(shown, Shown, Own);

    public override string ToString() => $"{Own} {Arrow} {Shown}";

    private static string? Replace(string name, string from, string to)
    {
        var star = from.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return name == from ? to : null;
        }

        var start = from.AsSpan(0, star);
        var end = from.AsSpan(star + 1);
        return
            name.Length >= start.Length + end.Length
            && name.AsSpan().StartsWith(start, StringComparison.Ordinal)
            && name.AsSpan().EndsWith(end, StringComparison.Ordinal)
            ? to.Replace("*", name[star..(name.Length - end.Length)], StringComparison.Ordinal)
            : null;
    }
}
