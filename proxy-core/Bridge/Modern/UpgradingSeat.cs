using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// A session's place at a program that speaks only the revision 2026-07-28. What the client said in <c>initialize</c> goes along with every
/// request, and where the program answers that it needs input, the client is asked and the request made again.
/// </summary>
internal sealed class UpgradingSeat(DirectServer server, ClientSession session) : IServerSeat
{
    // Bounded by what the client asks for itself; a session ends with its client.
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);
    private string _clientInfo = Answers.OwnInfo;
    private string _capabilities = "{}";

    // Clients of the earlier revisions hear of logs unless they say otherwise.
    private string? _logLevel = "info";
    private ServerCall? _listening;
    private volatile ServerLink? _listenedTo;

    public ServerLink? Link => server.Link;

    public async ValueTask<ServerLink> GetAsync(CancellationToken cancellationToken)
    {
        var link = await server.GetAsync(cancellationToken);
        if (_listenedTo is not null && _listenedTo != link)
        {
            // Another process than the one that was listened to.
            await ListenAsync(cancellationToken);
        }

        return link;
    }

    // The program has no state in which any of them would mean something. Those that take a request back do not come this way.
    public bool Wants(RpcMessage notification) => false;

    public async Task<RpcMessage> InitializeAsync(RpcMessage initialize, CancellationToken cancellationToken)
    {
        _clientInfo = TextOf(initialize, "clientInfo"u8) ?? _clientInfo;
        _capabilities = TextOf(initialize, "capabilities"u8) ?? _capabilities;
        var wanted = initialize.String(initialize.Find(initialize.Params, "protocolVersion"u8));
        var discover = Prepare(
            RpcMessage.Read(
                Encoding.UTF8.GetBytes(
                    $$$"""{"jsonrpc":"2.0","id":{{{Encoding.UTF8.GetString(initialize.IdText.Span)}}},"method":"server/discover","params":{}}"""
                )
            )!
        );
        var answer = new SingleAnswer();
        var link = await server.GetAsync(cancellationToken);
        await link.CallAsync(new ServerCall(discover, this, answer), discover, cancellationToken);
        RpcMessage found;
        try
        {
            found = await answer.Task.WaitAsync(server.StartLimit, server.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new CallFailedException(ErrorCatalog.UpstreamTimeout);
        }

        if (!found.Result.Exists)
        {
            return found;
        }

        await ListenAsync(cancellationToken);
        return Greeting(initialize, found, wanted);
    }

    public async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(RpcMessage request, CancellationToken cancellationToken)
    {
        switch (request.Method)
        {
            case "ping":
                return Answers.Result(request.IdText, "{}");
            case "logging/setLevel":
                _logLevel = request.String(request.Find(request.Params, "level"u8));
                return Answers.Result(request.IdText, "{}");
            case "resources/subscribe" or "resources/unsubscribe":
                var uri = request.String(request.Find(request.Params, "uri"u8)) ?? string.Empty;
                _ = request.Method == "resources/subscribe" ? _watched.Add(uri) : _watched.Remove(uri);
                await ListenAsync(cancellationToken);
                return Answers.Result(request.IdText, "{}");
            default:
                return null;
        }
    }

    public RpcMessage Prepare(RpcMessage request)
    {
        var level = _logLevel is null ? string.Empty : $",\"{MetaKeys.Prefix}logLevel\":{Answers.Quote(_logLevel)}";
        var envelope = Encoding.UTF8.GetBytes(
            $"\"{MetaKeys.Prefix}protocolVersion\":\"{Revisions.FirstModern}\",\"{MetaKeys.Prefix}clientInfo\":{_clientInfo},\"{MetaKeys.Prefix}clientCapabilities\":{_capabilities}{level}"
        );
        var edits = new JsonEdits();
        var meta = request.Find(request.Params, "_meta"u8);
        if (meta.Exists)
        {
            JsonMembers.Prepend(edits, request.Text.Span, meta, envelope);
        }
        else if (request.Params.Exists && request.Text.Span[request.Params.Start] == (byte)'{')
        {
            JsonMembers.Prepend(edits, request.Text.Span, request.Params, [.. "\"_meta\":{"u8, .. envelope, (byte)'}']);
        }
        else if (!request.Params.Exists)
        {
            JsonMembers.Prepend(edits, request.Text.Span, request.Whole, [.. "\"params\":{\"_meta\":{"u8, .. envelope, .. "}}"u8]);
        }

        return edits.IsEmpty ? request : RpcMessage.Read(request.With(edits))!;
    }

    public ICallTarget Watch(RpcMessage request, ICallTarget target) => new RoundsTarget(this, session, request, target);

    /// <summary>Makes a request again, with answers.</summary>
    public async ValueTask RepeatAsync(RpcMessage request, ICallTarget target)
    {
        var call = new ServerCall(request, session, target);
        try
        {
            var prepared = Prepare(request);
            call.MoveTo(prepared);
            var link = await server.GetAsync(CancellationToken.None);
            await link.CallAsync(call, prepared, CancellationToken.None);
        }
        catch (CallFailedException failed)
        {
            await call.FailAsync(failed.Error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server.Link is { } link)
        {
            foreach (var call in link.Calls.Where(call => call.Owner == session || call == _listening).ToList())
            {
                await link.CancelAsync(call, CancellationToken.None);
            }
        }
    }

    /// <summary>Begins to listen, in place of what was listened to before.</summary>
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var resources = string.Join(',', _watched.Select(Answers.Quote));
        var text =
            "{\"jsonrpc\":\"2.0\",\"id\":\"mcpr-listen\",\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{"
            + "\"toolsListChanged\":true,\"promptsListChanged\":true,\"resourcesListChanged\":true,"
            + $"\"resourceSubscriptions\":[{resources}]}}}}}}";
        var request = Prepare(RpcMessage.Read(Encoding.UTF8.GetBytes(text))!);
        var link = await server.GetAsync(cancellationToken);
        _listenedTo = link;
        var before = _listening;
        _listening = new ServerCall(request, this, new ListeningTarget(session));
        await link.CallAsync(_listening, request, cancellationToken);
        if (before is not null)
        {
            await link.CancelAsync(before, cancellationToken);
        }
    }

    private static string? TextOf(RpcMessage message, ReadOnlySpan<byte> name) =>
        message.Find(message.Params, name) is { Exists: true } value ? Encoding.UTF8.GetString(message.Bytes(value).Span) : null;

    private static RpcMessage Greeting(RpcMessage initialize, RpcMessage found, string? wanted)
    {
        var info = found.Find(found.Find(found.Result, "_meta"u8), MetaKeys.ServerInfo);
        var capabilities = found.Find(found.Result, "capabilities"u8);
        var instructions = found.Find(found.Result, "instructions"u8);
        string Text(JsonSpan span, string otherwise) => span.Exists ? Encoding.UTF8.GetString(found.Bytes(span).Span) : otherwise;
        var more = instructions.Exists ? $",\"instructions\":{Text(instructions, string.Empty)}" : string.Empty;
        var version = wanted is null || string.CompareOrdinal(wanted, Revisions.LastLegacy) > 0 ? Revisions.LastLegacy : wanted;
        return RpcMessage.Read(
            Answers.Result(
                initialize.IdText,
                $"{{\"protocolVersion\":{Answers.Quote(version)},\"capabilities\":{Text(capabilities, "{}")},\"serverInfo\":{Text(info, "{\"name\":\"server\",\"version\":\"0\"}")}{more}}}"
            )
        )!;
    }

    /// <summary>Hands changes on, without the subscription that only we know of.</summary>
    private sealed class ListeningTarget(ClientSession session) : ICallTarget
    {
        public async ValueTask NotifyAsync(ReadOnlyMemory<byte> message)
        {
            if (RpcMessage.Read(message) is { } notification && ListenerHub.IsForListeners(notification))
            {
                var edits = new JsonEdits();
                var meta = notification.Find(notification.Params, "_meta"u8);
                JsonMembers.Remove(edits, notification.Text.Span, meta, name => name == MetaKeys.Prefix + "subscriptionId");
                await session.Streams.Own.SendAsync(notification.With(edits));
            }
        }

        public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response) => ValueTask.CompletedTask;

        public ValueTask FailAsync(ServerCall call, ProxyError error) => ValueTask.CompletedTask;
    }
}
