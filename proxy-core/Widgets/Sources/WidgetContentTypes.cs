using Microsoft.AspNetCore.StaticFiles;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>Content types by extension. Texts are said to be UTF-8, which is what build tools write.</summary>
internal static class WidgetContentTypes
{
    /// <summary>What nothing is known about; together with nosniff it is only downloaded.</summary>
    private const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider s_types = Create();

    public static string Of(string fileName)
    {
        var type = s_types.TryGetContentType(fileName, out var known) ? known : Unknown;
        return type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;
    }

    private static FileExtensionContentTypeProvider Create()
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".mjs"] = "text/javascript";
        types.Mappings[".cjs"] = "text/javascript";
        types.Mappings[".map"] = "application/json";
        types.Mappings[".avif"] = "image/avif";
        types.Mappings[".webmanifest"] = "application/manifest+json";
        types.Mappings[".wasm"] = "application/wasm";
        types.Mappings[".md"] = "text/markdown";
        // A source file of TypeScript is nothing that browsers run, and the framework takes it for a film.
        types.Mappings.Remove(".ts");
        return types;
    }
}
