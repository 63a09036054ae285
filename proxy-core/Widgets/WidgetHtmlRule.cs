using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Html;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Widgets.Reports;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// The HTML of widgets that comes in messages, as text or in base64: a host shows it from an origin of its own, so what it loads from the
/// server has to be named by the public URL.
/// </summary>
internal sealed class WidgetHtmlRule(IOptionsMonitor<McpProxyOptions> options) : IMessageRule
{
    public bool MayApply(ExchangeScope exchange) => WidgetExchanges.MayCarryWidgets(exchange) && exchange.PublicOrigin is not null;

    public void Edit(ReadOnlySpan<byte> message, ExchangeScope exchange, JsonEdits edits)
    {
        foreach (var entry in WidgetEntry.Find(message))
        {
            if (entry.IsWidget && entry.Kind is WidgetEntryKind.Read or WidgetEntryKind.Embedded)
            {
                if (entry.Place.Member(message, "text"u8) is { IsString: true } text)
                {
                    EditText(message, text, entry, exchange, edits);
                }
                else if (entry.Place.Member(message, "blob"u8) is { IsString: true } blob)
                {
                    EditBlob(message, blob, entry, exchange, edits);
                }
            }
        }
    }

    private void EditText(ReadOnlySpan<byte> message, JsonPlace text, WidgetEntry entry, ExchangeScope exchange, JsonEdits edits)
    {
        if (Rewrite(Encoding.UTF8.GetBytes(text.Text(message)!), entry.Uri, exchange) is { } changed)
        {
            var json = JsonEncodedText.Encode(changed, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            edits.Replace(text.Start, text.Length, (byte[])[(byte)'"', .. json.EncodedUtf8Bytes, (byte)'"']);
        }
    }

    private void EditBlob(ReadOnlySpan<byte> message, JsonPlace blob, WidgetEntry entry, ExchangeScope exchange, JsonEdits edits)
    {
        var base64 = Encoding.UTF8.GetBytes(blob.Text(message)!);
        var html = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        var isUtf16 = entry.MimeType!.Contains("utf-16", StringComparison.OrdinalIgnoreCase);
        if (
            isUtf16
            || Base64.DecodeFromUtf8(base64, html, out _, out var length) != System.Buffers.OperationStatus.Done
            || Rewrite(html.AsSpan(0, length), entry.Uri, exchange) is not { } changed
        )
        {
            return;
        }

        edits.Replace(blob.Start, blob.Length, Encoding.ASCII.GetBytes($"\"{Convert.ToBase64String(changed)}\""));
    }

    private byte[]? Rewrite(ReadOnlySpan<byte> html, string uri, ExchangeScope exchange)
    {
        var now = options.CurrentValue;
        var origin = exchange.PublicOrigin!;
        var widgets = now.WidgetServer?.GetLeftPart(UriPartial.Authority) ?? (now.WidgetFolder is null ? null : origin);
        var rewritten = HtmlRewriter.Rewrite(html, new WidgetUrlMap(origin, exchange.UpstreamOrigin, exchange.Server.Prefix, widgets));
        return now.Csp.Report ? ScriptInsertion.Insert(rewritten ?? html, ReportScript.ElementFor(origin, uri)) : rewritten;
    }
}
