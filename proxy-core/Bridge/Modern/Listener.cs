using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>A client's <c>subscriptions/listen</c>: what it wants to hear of, as far as the process tells of such things.</summary>
internal sealed class Listener
{
    // Bounded: more resources than anybody watches at once.
    private const int MaxResources = 1000;

    private readonly HashSet<string> _methods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _resources = new(StringComparer.Ordinal);

    private Listener(RpcMessage request, ModernTarget target)
    {
        IdText = request.IdText;
        Target = target;
    }

    public ReadOnlyMemory<byte> IdText { get; }

    public ModernTarget Target { get; }

    public IReadOnlyCollection<string> Resources => _resources;

    public bool HearsNothing => _methods.Count == 0 && _resources.Count == 0;

    /// <returns>Null where the request does not say what it wants.</returns>
    public static Listener? Of(RpcMessage request, ModernTarget target, RpcMessage greeting)
    {
        var filter = request.Find(request.Params, "notifications"u8);
        if (!filter.Exists || request.Text.Span[filter.Start] != (byte)'{')
        {
            return null;
        }

        var listener = new Listener(request, target);
        var capabilities = greeting.Find(greeting.Result, "capabilities"u8);
        bool Tells(ReadOnlySpan<byte> what, ReadOnlySpan<byte> how) => IsTrue(greeting, greeting.Find(capabilities, what, how));
        bool Wants(ReadOnlySpan<byte> what) => IsTrue(request, request.Find(filter, what));
        if (Wants("toolsListChanged"u8) && Tells("tools"u8, "listChanged"u8))
        {
            listener._methods.Add("notifications/tools/list_changed");
        }

        if (Wants("promptsListChanged"u8) && Tells("prompts"u8, "listChanged"u8))
        {
            listener._methods.Add("notifications/prompts/list_changed");
        }

        if (Wants("resourcesListChanged"u8) && Tells("resources"u8, "listChanged"u8))
        {
            listener._methods.Add("notifications/resources/list_changed");
        }

        var resources = request.Find(filter, "resourceSubscriptions"u8);
        if (resources.Exists && request.Text.Span[resources.Start] == (byte)'[' && Tells("resources"u8, "subscribe"u8))
        {
            foreach (var item in JsonObjects.Items(request.Bytes(resources).Span).Take(MaxResources))
            {
                if (request.String(new JsonSpan(resources.Start + item.Start, item.Length)) is { } uri)
                {
                    listener._resources.Add(uri);
                }
            }
        }

        return listener;
    }

    public bool Wants(RpcMessage message) =>
        message.Method == "notifications/resources/updated"
            ? message.String(message.Find(message.Params, "uri"u8)) is { } uri && _resources.Contains(uri)
            : _methods.Contains(message.Method!);

    /// <summary>The first message of the stream: what will be told.</summary>
    public ReadOnlyMemory<byte> Acknowledgement()
    {
        List<string> honoured = [.. _methods.Select(method => $"\"{FilterOf(method)}\":true")];
        if (_resources.Count > 0)
        {
            honoured.Add($"\"resourceSubscriptions\":[{string.Join(',', _resources.Select(Answers.Quote))}]");
        }

        return Encoding.UTF8.GetBytes(
            $"{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{{\"notifications\":{{{string.Join(',', honoured)}}},\"_meta\":{{{Subscription()}}}}}}}"
        );
    }

    /// <summary>The end that the server wants.</summary>
    public ReadOnlyMemory<byte> Result() =>
        Encoding.UTF8.GetBytes(
            $"{{\"jsonrpc\":\"2.0\",\"id\":{Encoding.UTF8.GetString(IdText.Span)},\"result\":{{\"resultType\":\"complete\",\"_meta\":{{{Subscription()}}}}}}}"
        );

    private string Subscription() => $"\"{Encoding.UTF8.GetString(MetaKeys.SubscriptionId)}\":{Encoding.UTF8.GetString(IdText.Span)}";

    private static string FilterOf(string method) => method.Split('/')[1] + "ListChanged";

    private static bool IsTrue(RpcMessage message, JsonSpan value) => value.Exists && message.Bytes(value).Span.SequenceEqual("true"u8);
}
