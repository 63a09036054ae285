using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Tunnel.ProxyCore.Dashboard.Pages;

/// <summary>
/// The files of the pages, which are resources of this assembly. They are served below a path that has the hash of all of them, so that
/// browsers can keep them for ever and modules can import each other by relative paths.
/// </summary>
public sealed class PageAssets
{
    /// <summary>How the project file names the resources: <c>pages/app/main.js</c>.</summary>
    private const string ResourcePrefix = "pages/";

    /// <summary>Stands in pages for <see cref="Root"/>.</summary>
    private const string RootMark = "{{assets}}";

    private readonly FrozenDictionary<string, PageAsset> _files;

    public PageAssets()
    {
        var contents = ReadResources();
        Root = $"/assets/{HashOf(contents)[..16]}/";
        _files = contents.ToFrozenDictionary(file => file.Key, file => AssetOf(file.Key, file.Value, Root), StringComparer.Ordinal);
        Page = _files["index.html"];
        Sandbox = _files["sandbox/sandbox.html"];
        ImportMapHash = HashOfInlineScript(Encoding.UTF8.GetString(Page.Content.Span));
    }

    /// <summary>The path that all files are below, with a slash at its end.</summary>
    public string Root { get; }

    /// <summary>The one page there is; its scripts know the paths.</summary>
    public PageAsset Page { get; }

    /// <summary>The page around a widget that Studio shows.</summary>
    public PageAsset Sandbox { get; }

    /// <summary>What a policy has to allow for the page's import map, the only script that is not in a file.</summary>
    public string ImportMapHash { get; }

    /// <returns>The file of this path, or null where there is none, or the path is of another version.</returns>
    public PageAsset? Find(string path) =>
        path.StartsWith(Root, StringComparison.Ordinal) ? _files.GetValueOrDefault(path[Root.Length..]) : null;

    private static SortedDictionary<string, byte[]> ReadResources()
    {
        var assembly = typeof(PageAssets).Assembly;
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames())
        {
            var path = name.Replace('\\', '/');
            if (!path.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            contents.Add(path[ResourcePrefix.Length..], content);
        }

        return contents;
    }

    private static string HashOf(SortedDictionary<string, byte[]> contents)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in contents)
        {
            all.AppendData(Encoding.UTF8.GetBytes(path));
            all.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static PageAsset AssetOf(string path, byte[] content, string root)
    {
        if (path.EndsWith(".html", StringComparison.Ordinal))
        {
            content = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace(RootMark, root, StringComparison.Ordinal));
        }

        var tag = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16));
        return new PageAsset(content, ContentTypeOf(path), new EntityTagHeaderValue($"\"{tag}\""));
    }

    private static string ContentTypeOf(string path) =>
        Path.GetExtension(path) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".json" => "application/json",
            _ => "text/plain; charset=utf-8",
        };

    private static string HashOfInlineScript(string page)
    {
        const string Start = "<script type=\"importmap\">";
        var from = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        var script = page[from..page.IndexOf("</script>", from, StringComparison.Ordinal)];
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";
    }
}
