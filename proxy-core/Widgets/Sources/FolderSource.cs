using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>
/// Widgets from a folder. Conditional requests and ranges are ASP.NET Core's; its middleware for static files would take two edits within a
/// second for the same file, so the entity tag is ours, made of the exact time and the length.
/// </summary>
internal sealed class FolderSource(string root, ResponseRewriting rewriting) : IWidgetSource
{
    private const string Methods = "GET, HEAD, OPTIONS";

    // What rules make of a page depends on settings and on our version, and both change only between runs.
    private static readonly string s_run = Guid.NewGuid().ToString("N");

    private readonly WidgetFolder _folder = new(root);

    public string Name => "widgets";

    public string? Origin => null;

    public async Task<WidgetFailure?> ServeAsync(ExchangeScope exchange, string target, ExchangeObservation observation)
    {
        var context = exchange.Context;
        observation.Outcome = ForwardOutcome.Completed;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return AnswerOptions(context) ? null : new WidgetFailure(ErrorCatalog.WidgetMethod, context.Request.Method);
        }

        var path = RequestTarget.PathOf(target);
        if (FolderPath.Parse(path) is not { } names)
        {
            return new WidgetFailure(ErrorCatalog.NoSuchWidget, path);
        }

        if (_folder.FindFile(names) is { } file && TryOpen(file.Path) is { } content)
        {
            await SendAsync(exchange, file, content);
            // ASP.NET Core says nothing of a caller that left in the middle.
            observation.Outcome = context.RequestAborted.IsCancellationRequested ? ForwardOutcome.CallerLeft : ForwardOutcome.Completed;
            return null;
        }

        if (_folder.IsFolder(names))
        {
            // Links in the page are relative to the folder only with the slash. Not for good: tomorrow it may be a file.
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.Headers.Location = $"{path}/{target[path.Length..]}";
            return null;
        }

        return new WidgetFailure(ErrorCatalog.NoSuchWidget, path);
    }

    private async Task SendAsync(ExchangeScope exchange, WidgetFolder.Entry file, Content content)
    {
        var response = exchange.Context.Response;
        response.ContentType = WidgetContentTypes.Of(file.Name);
        // Edits are to show up at once; asking whether there was one is cheap.
        response.Headers.CacheControl = "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        var tag = string.Create(CultureInfo.InvariantCulture, $"{content.Changed.Ticks:x}-{content.Length:x}");
        var rewritten = rewriting.Rewrite(content.Stream, exchange);
        var result = rewritten is null
            ? TypedResults.Stream(
                content.Stream,
                response.ContentType,
                lastModified: new DateTimeOffset(content.Changed),
                entityTag: new EntityTagHeaderValue($"\"{tag}\""),
                enableRangeProcessing: KnowsRange(exchange.Context.Request)
            )
            // What is sent depends on the origin that it was rewritten for.
            : TypedResults.Stream(
                rewritten,
                response.ContentType,
                entityTag: new EntityTagHeaderValue($"\"{tag}-{Digest(exchange.PublicOrigin)}\"", isWeak: true)
            );
        await result.ExecuteAsync(exchange.Context);
    }

    // ASP.NET Core takes any unit for bytes; a unit that is not known is to be ignored (RFC 9110 section 14.2).
    private static bool KnowsRange(HttpRequest request) =>
        request.Headers.Range.Count == 0 || request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase);

    private static bool AnswerOptions(HttpContext context)
    {
        // Error answers start from empty headers.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Allow = Methods;
            return Task.CompletedTask;
        });
        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    private static Content? TryOpen(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Length == 0)
            {
                // Whoever opens a pipe waits for its other end. It has no length, and an empty file needs no opening.
                return new Content(Stream.Null, file.LastWriteTimeUtc, 0);
            }

            var stream = new FileStream(
                path,
                new FileStreamOptions
                {
                    // Editors and build tools replace files while they are read.
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                    BufferSize = 0,
                }
            );
            return new Content(stream, File.GetLastWriteTimeUtc(stream.SafeFileHandle), stream.Length);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Digest(string? origin) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(s_run + origin)).AsSpan(0, 4));

    private readonly record struct Content(Stream Stream, DateTime Changed, long Length);
}
