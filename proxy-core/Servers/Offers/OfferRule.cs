using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>
/// Takes out of lists what is not for callers, and gives the rest the names for them. Cursors stay as they are: a page may come back
/// shorter, and an empty one with a cursor is followed like any other.
/// </summary>
internal sealed class OfferRule : IMessageRule
{
    public bool MayApply(ExchangeScope exchange) =>
        exchange.Server.Offer.HasRules
        && (
            exchange.Message is { } message
                ? message.IsBatch || message.Method is { } method && MayCarryNames(method)
                // A stream can carry the answer to anything, when it is resumed.
                : HttpMethods.IsGet(exchange.Context.Request.Method)
        );

    public void Edit(ReadOnlySpan<byte> message, ExchangeScope exchange, JsonEdits edits)
    {
        var root = JsonPlace.Root(message);
        foreach (var one in root.IsArray ? root.Items(message) : [root])
        {
            Edit(message, one, exchange.Server.Offer, edits);
        }
    }

    private static bool MayCarryNames(string method) =>
        method
            is "tools/list"
                or "prompts/list"
                or "resources/list"
                or "resources/templates/list"
                or "resources/read"
                or "subscriptions/listen";

    private static void Edit(ReadOnlySpan<byte> text, JsonPlace message, ServerOffer offer, JsonEdits edits)
    {
        if (message.Member(text, "result"u8) is { IsObject: true } result)
        {
            Filter(text, result.Member(text, "tools"u8), "name"u8, offer.Tools, edits);
            Filter(text, result.Member(text, "prompts"u8), "name"u8, offer.Prompts, edits);
            Filter(text, result.Member(text, "resources"u8), "uri"u8, offer.Resources, edits);
            Filter(text, result.Member(text, "resourceTemplates"u8), "uriTemplate"u8, offer.Resources, edits);
            foreach (var content in result.Member(text, "contents"u8)?.Items(text) ?? [])
            {
                Show(text, content.Member(text, "uri"u8), offer.Resources, edits);
            }

            foreach (var tool in result.Member(text, "tools"u8)?.Items(text) ?? [])
            {
                ShowWidget(text, tool.Member(text, "_meta"u8), offer.Resources, edits);
            }
        }
        else if (message.Member(text, "method"u8)?.Text(text) == "notifications/resources/updated")
        {
            Show(text, message.Member(text, "params"u8)?.Member(text, "uri"u8), offer.Resources, edits);
        }
    }

    private static void Filter(ReadOnlySpan<byte> text, JsonPlace? list, ReadOnlySpan<byte> key, NameRules rules, JsonEdits edits)
    {
        if (rules.AreNone || list is not { IsArray: true } array)
        {
            return;
        }

        var items = array.Items(text);
        var hasKept = false;
        for (var i = 0; i < items.Count; i++)
        {
            var place = items[i].Member(text, key);
            if (place?.Text(text) is not { } own || rules.ShownNameOf(own) is { } shown)
            {
                hasKept = true;
                Show(text, place, rules, edits);
                continue;
            }

            // With the comma before it, or where nothing is before it, the one behind.
            var (start, end) =
                hasKept ? (items[i - 1].End, items[i].End)
                : i + 1 < items.Count ? (items[i].Start, items[i + 1].Start)
                : (items[i].Start, items[i].End);
            edits.Remove(start, end - start);
        }
    }

    /// <summary>The page that a tool opens with, in every spelling there is.</summary>
    private static void ShowWidget(ReadOnlySpan<byte> text, JsonPlace? meta, NameRules rules, JsonEdits edits)
    {
        Show(text, meta?.Member(text, "ui"u8)?.Member(text, "resourceUri"u8), rules, edits);
        Show(text, meta?.Member(text, "ui/resourceUri"u8), rules, edits);
        Show(text, meta?.Member(text, "openai/outputTemplate"u8), rules, edits);
    }

    private static void Show(ReadOnlySpan<byte> text, JsonPlace? place, NameRules rules, JsonEdits edits)
    {
        if (!rules.AreNone && place?.Text(text) is { } own && rules.Show(own) is var shown && shown != own)
        {
            edits.Replace(place.Value.Start, place.Value.Length, JsonName.Quote(shown));
        }
    }
}
