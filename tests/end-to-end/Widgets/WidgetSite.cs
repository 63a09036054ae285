using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>A copy of tests/widget-site.</summary>
internal sealed class WidgetSite : IDisposable
{
    /// <summary>What its page takes for its dev server.</summary>
    private const string WrittenOrigin = "http://localhost:5173";

    private readonly TemporaryFolder _folder = new();

    public WidgetSite()
    {
        foreach (var file in Directory.GetFiles(Repository.Tests("widget-site")))
        {
            File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
        }
    }

    public string Path => _folder.Path;

    /// <summary>Lets the page have the dev server that there is.</summary>
    public void SetOrigin(string origin)
    {
        Edit("index.html", ReadPage().Replace(WrittenOrigin, origin, StringComparison.Ordinal));
    }

    public string ReadPage() => File.ReadAllText(System.IO.Path.Combine(Path, "index.html"));

    public void Edit(string file, string content) => File.WriteAllText(System.IO.Path.Combine(Path, file), content);

    public void Dispose() => _folder.Dispose();
}
