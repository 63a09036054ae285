using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// Edits the <c>_meta</c> of a widget for one client: the lists of both spellings, and the domain. Keys that it does not know, their order and
/// their bytes stay.
/// </summary>
internal sealed class WidgetMetadata(CspComposer composer, WidgetDomains domains, WidgetHost host)
{
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="meta">The object, null where there is none.</param>
    /// <param name="entry">The widget that it is about.</param>
    /// <param name="listed">What the list said of it, for what was read.</param>
    /// <returns>The object as it is to be, or null to leave everything.</returns>
    public ReadOnlyMemory<byte>? Edit(ReadOnlyMemory<byte>? meta, WidgetEntry entry, ListedWidget? listed)
    {
        var edit = new JsonObjectEdit(meta ?? JsonObjectEdit.Empty);
        var ui = edit.FindObject("ui"u8);
        var openAi = edit.FindObject("openai/widgetCSP"u8);
        var widgetDomain = TextOf(edit.Find("openai/widgetDomain"u8));
        var uiCsp = CspOf(ui ?? listed?.Ui);
        var openAiCsp = openAi ?? (ui is null ? listed?.OpenAiCsp : null);
        if (!entry.IsWidget && uiCsp is null && openAi is null && widgetDomain is null && DomainOf(ui) is null)
        {
            return null;
        }

        var apps = DeclaredCsp.Read(uiCsp, WidgetSpelling.Apps);
        var own = DeclaredCsp.Read(openAiCsp, WidgetSpelling.OpenAi);
        if (IsFree("ui"u8, ui is null, edit) && EditUi(ui ?? listed?.Ui, apps, own, entry.Uri) is { } newUi)
        {
            edit.Set("ui"u8, newUi);
        }

        // Claude knows the one spelling only.
        if (
            (openAi is not null || host != WidgetHost.Claude)
            && IsFree("openai/widgetCSP"u8, openAi is null, edit)
            && EditLists(openAiCsp, WidgetSpelling.OpenAi, own, apps, entry.Uri) is { } newCsp
        )
        {
            edit.Set("openai/widgetCSP"u8, newCsp);
        }

        if (domains.OpenAi(widgetDomain) is { } domain && domain != widgetDomain && (entry.IsWidget || widgetDomain is not null))
        {
            edit.Set("openai/widgetDomain"u8, Json(writer => writer.WriteStringValue(domain)));
        }

        return edit.Apply();
    }

    public static ReadOnlyMemory<byte>? CspOf(ReadOnlyMemory<byte>? ui) =>
        ui is { } text ? new JsonObjectEdit(text).FindObject("csp"u8) : null;

    /// <summary>Whether a member that is no object may be written: a null is as good as nothing, anything else is left alone.</summary>
    private static bool IsFree(ReadOnlySpan<byte> name, bool isMissing, JsonObjectEdit edit) =>
        !isMissing || edit.Find(name) is not { } other || other.Span.SequenceEqual("null"u8);

    private ReadOnlyMemory<byte>? EditUi(ReadOnlyMemory<byte>? ui, DeclaredCsp apps, DeclaredCsp openAi, string uri)
    {
        var edit = new JsonObjectEdit(ui ?? JsonObjectEdit.Empty);
        var csp = edit.FindObject("csp"u8);
        if (IsFree("csp"u8, csp is null, edit) && EditLists(csp, WidgetSpelling.Apps, apps, openAi, uri) is { } lists)
        {
            edit.Set("csp"u8, lists);
        }

        if (TextOf(edit.Find("domain"u8)) is { } declared && domains.InPlaceOf(declared) is var domain && domain != declared)
        {
            if (domain is null)
            {
                edit.Remove("domain"u8);
            }
            else
            {
                edit.Set("domain"u8, Json(writer => writer.WriteStringValue(domain)));
            }
        }

        return edit.Apply();
    }

    private ReadOnlyMemory<byte>? EditLists(
        ReadOnlyMemory<byte>? csp,
        WidgetSpelling spelling,
        DeclaredCsp declared,
        DeclaredCsp elsewhere,
        string uri
    )
    {
        if (!composer.HasReason)
        {
            return null;
        }

        var edit = new JsonObjectEdit(csp ?? JsonObjectEdit.Empty);
        foreach (var (directive, name) in spelling.Lists)
        {
            var before = declared.Of(directive);
            var list = composer.Compose(
                directive,
                before ?? elsewhere.Of(directive),
                before is null ? CspReason.DeclaredElsewhere : CspReason.Declared,
                uri
            );
            if (!list.IsStated)
            {
                edit.Remove(Encoding.ASCII.GetBytes(name));
            }
            else if (before is null || !list.Sources.SequenceEqual(before, StringComparer.Ordinal))
            {
                edit.Set(Encoding.ASCII.GetBytes(name), Json(writer => Write(writer, list)));
            }
        }

        return edit.Apply();
    }

    private static void Write(Utf8JsonWriter writer, CspList list)
    {
        writer.WriteStartArray();
        foreach (var source in list.Sources)
        {
            writer.WriteStringValue(source);
        }

        writer.WriteEndArray();
    }

    private static string? DomainOf(ReadOnlyMemory<byte>? ui) => ui is { } text ? TextOf(new JsonObjectEdit(text).Find("domain"u8)) : null;

    private static string? TextOf(ReadOnlyMemory<byte>? value) => value is { } text ? JsonPlace.Root(text.Span).Text(text.Span) : null;

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(output, s_plain))
        {
            write(writer);
        }

        return output.WrittenSpan.ToArray();
    }
}
