using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>Tells hosts in the metadata of widgets what they may load and connect to, and which domain they get.</summary>
internal sealed class WidgetMetadataRule(ListedWidgets listed, IOptionsMonitor<McpProxyOptions> options) : IMessageRule
{
    public bool MayApply(ExchangeScope exchange)
    {
        // The method first: it is what most exchanges end at.
        return WidgetExchanges.MayCarryWidgets(exchange)
            && (
                exchange.PublicOrigin is not null
                || options.CurrentValue.Csp.HasRules
                // A domain that cannot be right here would make Claude refuse the widget.
                || WidgetHosts.Of(exchange.Client) == WidgetHost.Claude
            );
    }

    public void Edit(ReadOnlySpan<byte> message, ExchangeScope exchange, JsonEdits edits)
    {
        var entries = WidgetEntry.Find(message);
        if (entries.Count == 0)
        {
            return;
        }

        var metadata = MetadataFor(exchange);
        var isChanged = false;
        foreach (var entry in entries)
        {
            var existing = entry.Place.Member(message, "_meta"u8);
            if (existing is { IsObject: false, Kind: not System.Text.Json.JsonTokenType.Null })
            {
                continue;
            }

            var meta = existing is { IsObject: true } place ? (ReadOnlyMemory<byte>?)place.Of(message).ToArray() : null;
            var known = Recall(entry, meta, exchange);
            if (metadata.Edit(meta, entry, known) is not { } changed)
            {
                continue;
            }

            isChanged = true;
            if (existing is { } old)
            {
                edits.Replace(old.Start, old.Length, changed);
            }
            else
            {
                // Every entry has a URI, so there is a member to follow.
                byte[] member = [.. ",\"_meta\":"u8, .. changed.Span];
                edits.Replace(entry.Place.Members(message)[^1].Value.End, 0, member);
            }
        }

        if (isChanged)
        {
            exchange.IsCspApplied = true;
            KeepPrivate(message, edits);
        }
    }

    /// <summary>What was written for one client and one public URL is not for those that a shared cache would give it to (SEP-2549).</summary>
    private static void KeepPrivate(ReadOnlySpan<byte> message, JsonEdits edits)
    {
        var root = JsonPlace.Root(message);
        foreach (var one in root.IsArray ? root.Items(message) : [root])
        {
            if (
                one.Member(message, "result"u8) is { IsObject: true } result
                && result.Member(message, "cacheScope"u8) is { IsString: true } scope
                && scope.Text(message) == "public"
            )
            {
                edits.Replace(scope.Start, scope.Length, "\"private\""u8.ToArray());
            }
        }
    }

    private ListedWidget? Recall(WidgetEntry entry, ReadOnlyMemory<byte>? meta, ExchangeScope exchange)
    {
        if (entry.Kind == WidgetEntryKind.Listed)
        {
            var members = meta is { } text ? new JsonObjectEdit(text) : null;
            listed.Remember(
                exchange.Server.Prefix,
                entry.Uri,
                new ListedWidget(members?.FindObject("ui"u8), members?.FindObject("openai/widgetCSP"u8))
            );
        }

        return entry.Kind == WidgetEntryKind.Read ? listed.Find(exchange.Server.Prefix, entry.Uri) : null;
    }

    private WidgetMetadata MetadataFor(ExchangeScope exchange)
    {
        var csp = options.CurrentValue.Csp;
        var surroundings = WidgetExchanges.SurroundingsOf(exchange, options.CurrentValue);
        var host = WidgetHosts.Of(exchange.Client);
        var domains = new WidgetDomains(host, CalledUrl(exchange), csp.Domain, surroundings.PublicOrigin);
        return new WidgetMetadata(new CspComposer(csp, surroundings), domains, host);
    }

    /// <summary>
    /// The URL that the person gave to the client, with its query. Without a path nobody can tell whether it was written with a slash,
    /// and no domain is better than a wrong one.
    /// </summary>
    private static string? CalledUrl(ExchangeScope exchange) =>
        exchange.PublicOrigin is not null && exchange.Path.Length > 1
            ? exchange.PublicOrigin + exchange.Path + exchange.Context.Request.QueryString.Value
            : null;
}
