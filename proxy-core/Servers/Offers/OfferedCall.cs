using System.Buffers;
using System.Text.Json;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>
/// What callers ask for, held against what there is for them: <c>{"method":"tools/call","params":{"name":"files_search",…</c>. Names become
/// the server's own; everything else keeps its bytes.
/// </summary>
internal sealed class OfferedCall
{
    private readonly ServerOffer _offer;
    private readonly JsonEdits _edits = new();

    private OfferedCall(ServerOffer offer)
    {
        _offer = offer;
    }

    /// <summary>The first name that there is nothing of for callers.</summary>
    public string? Refused { get; private set; }

    /// <summary>The message as the server gets it, or null when it gets the same.</summary>
    public ReadOnlyMemory<byte>? Changed { get; private set; }

    /// <summary>What was asked for and what the server calls it, where it has another name; the header <c>Mcp-Name</c> follows.</summary>
    public (string Shown, string Own)? Renamed { get; private set; }

    /// <param name="body">The whole request body: a message, or a batch of them.</param>
    /// <param name="offer">What there is for callers.</param>
    /// <returns>Null when nobody can be sure what the server would read from it.</returns>
    public static OfferedCall? Read(ReadOnlyMemory<byte> body, ServerOffer offer)
    {
        var call = new OfferedCall(offer);
        try
        {
            var text = body.Span;
            var root = JsonPlace.Root(text);
            var messages = root.IsArray ? root.Items(text) : [root];
            if (messages.Count == 0 || !messages.TrueForAll(message => message.IsObject))
            {
                return null;
            }

            foreach (var message in messages)
            {
                call.Take(text, message);
            }

            call.Apply(text);
            return call;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Take(ReadOnlySpan<byte> text, JsonPlace message)
    {
        var parameters = Only(text, message, "params"u8);
        switch (Only(text, message, "method"u8)?.Text(text))
        {
            case "tools/call":
                Take(text, Only(text, parameters, "name"u8), _offer.Tools);
                break;
            case "prompts/get":
                Take(text, Only(text, parameters, "name"u8), _offer.Prompts);
                break;
            case "resources/read" or "resources/subscribe" or "resources/unsubscribe":
                Take(text, Only(text, parameters, "uri"u8), _offer.Resources);
                break;
            case "completion/complete":
                var reference = Only(text, parameters, "ref"u8);
                Take(text, Only(text, reference, "name"u8), _offer.Prompts);
                Take(text, Only(text, reference, "uri"u8), _offer.Resources);
                break;
            case "subscriptions/listen":
                var subscriptions = Only(text, Only(text, parameters, "notifications"u8), "resourceSubscriptions"u8);
                foreach (var uri in subscriptions?.Items(text) ?? [])
                {
                    Take(text, uri, _offer.Resources);
                }

                break;
        }
    }

    private void Take(ReadOnlySpan<byte> text, JsonPlace? place, NameRules rules)
    {
        if (rules.AreNone || place?.Text(text) is not { } shown)
        {
            return;
        }

        var own = rules.OwnNameOf(shown);
        if (own is null)
        {
            Refused ??= shown;
        }
        else if (own != shown)
        {
            Renamed ??= (shown, own);
            _edits.Replace(place.Value.Start, place.Value.Length, JsonName.Quote(own));
        }
    }

    private void Apply(ReadOnlySpan<byte> text)
    {
        if (Refused is null && !_edits.IsEmpty)
        {
            var output = new ArrayBufferWriter<byte>(text.Length + 256);
            _edits.Apply(text, output);
            Changed = output.WrittenMemory;
        }
    }

    /// <summary>A member that is there once. Of two, some servers take the first and some the last.</summary>
    private static JsonPlace? Only(ReadOnlySpan<byte> text, JsonPlace? parent, ReadOnlySpan<byte> name)
    {
        JsonPlace? only = null;
        if (parent is { } place)
        {
            foreach (var member in place.Members(text))
            {
                if (member.IsNamed(text, name))
                {
                    only = only is null ? member.Value : throw new JsonException("a member is there twice");
                }
            }
        }

        return only;
    }
}
