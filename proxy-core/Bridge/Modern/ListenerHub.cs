using System.Collections.Concurrent;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>Who listens for changes, and tells them. What one process says about its lists holds for the others of the same program.</summary>
internal sealed class ListenerHub
{
    private readonly ConcurrentDictionary<Listener, Lane> _listeners = new();

    public static bool IsForListeners(RpcMessage message) =>
        message.Method!.EndsWith("/list_changed", StringComparison.Ordinal) || message.Method == "notifications/resources/updated";

    public IEnumerable<Listener> All => _listeners.Keys;

    public void Add(Listener listener, Lane lane) => _listeners.TryAdd(listener, lane);

    /// <returns>The process that watches things for it; null where it was removed before.</returns>
    public Lane? Remove(Listener listener) => _listeners.TryRemove(listener, out var lane) ? lane : null;

    /// <summary>Whether a process watches things for anybody.</summary>
    public bool Has(Lane lane) => _listeners.Values.Contains(lane);

    /// <summary>What a process watches.</summary>
    public IEnumerable<string> ResourcesOf(Lane lane) =>
        _listeners.Where(pair => pair.Value == lane).SelectMany(pair => pair.Key.Resources);

    public async ValueTask TellAsync(RpcMessage message)
    {
        foreach (var listener in _listeners.Keys)
        {
            if (listener.Wants(message))
            {
                await listener.Target.NotifyAsync(Stamp(message, listener.IdText));
            }
        }
    }

    /// <summary>The notification with the subscription that it is sent for.</summary>
    private static ReadOnlyMemory<byte> Stamp(RpcMessage message, ReadOnlyMemory<byte> subscription)
    {
        byte[] member = [(byte)'"', .. MetaKeys.SubscriptionId, (byte)'"', (byte)':', .. subscription.Span];
        var edits = new JsonEdits();
        var meta = message.Find(message.Params, "_meta"u8);
        if (meta.Exists)
        {
            JsonMembers.Prepend(edits, message.Text.Span, meta, member);
        }
        else if (message.Params.Exists)
        {
            JsonMembers.Prepend(edits, message.Text.Span, message.Params, [.. "\"_meta\":{"u8, .. member, (byte)'}']);
        }
        else
        {
            JsonMembers.Prepend(edits, message.Text.Span, message.Whole, [.. "\"params\":{\"_meta\":{"u8, .. member, .. "}}"u8]);
        }

        return message.With(edits);
    }
}
