using System.Collections.Concurrent;
using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Remote;

/// <summary>The requests that are under way, by their ids. As many as <see cref="CallRoom"/> lets in, and a few of our own.</summary>
internal sealed class RemoteCalls
{
    private readonly ConcurrentDictionary<string, RemoteCall> _calls = new(StringComparer.Ordinal);

    public IEnumerable<RemoteCall> All => _calls.Values;

    /// <returns>Whether the id was free: two at once with one id could not be told apart.</returns>
    public bool TryAdd(RemoteCall call) => _calls.TryAdd(KeyOf(call.Request.IdText), call);

    public RemoteCall? Find(ReadOnlyMemory<byte> idText) => _calls.GetValueOrDefault(KeyOf(idText));

    /// <summary>The call that a response ends; null when there is none, or not any more.</summary>
    public RemoteCall? Take(RpcMessage response) => _calls.TryRemove(KeyOf(response.IdText), out var call) ? call : null;

    public void Remove(RemoteCall call) => _calls.TryRemove(new(KeyOf(call.Request.IdText), call));

    private static string KeyOf(ReadOnlyMemory<byte> idText) => Encoding.UTF8.GetString(idText.Span);
}
