using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// Takes <c>input_required</c> for what it means to a client of an earlier revision: its questions are asked one by one, as requests of the
/// server, and when all are answered the request is made again.
/// </summary>
internal sealed class RoundsTarget(UpgradingSeat seat, ClientSession session, RpcMessage request, ICallTarget target) : ICallTarget
{
    // Bounded: a server that asks for ever is not asking.
    private const int MaxRounds = 50;

    private static long s_lastQuestion;

    private readonly Lock _lock = new();
    private int _rounds;
    private int _open;
    private List<string> _answers = [];

    public EventStream? Stream => target.Stream;

    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => target.NotifyAsync(message);

    public ValueTask FailAsync(ServerCall call, ProxyError error) => target.FailAsync(call, error);

    public async ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response)
    {
        var message = RpcMessage.Read(response)!;
        if (message.String(message.Find(message.Result, "resultType"u8)) != "input_required" || seat.Link is not { } link)
        {
            await target.EndAsync(call, response);
            return;
        }

        var questions = JsonObjects.Members(message.Text.Span, message.Find(message.Result, "inputRequests"u8));
        var state = message.Find(message.Result, "requestState"u8);
        var stateText = state.Exists ? Encoding.UTF8.GetString(message.Bytes(state).Span) : null;
        if (++_rounds > MaxRounds)
        {
            await target.EndAsync(call, Answers.Error(call.IdText, -32603, $"the server asked for input more than {MaxRounds} times"));
            return;
        }

        lock (_lock)
        {
            _open = questions.Count;
            _answers = [];
        }

        if (questions.Count == 0)
        {
            await RepeatAsync(stateText);
            return;
        }

        foreach (var (key, value) in questions)
        {
            var id = $"\"mcpr-{Interlocked.Increment(ref s_lastQuestion)}\"";
            var text = $"{{\"jsonrpc\":\"2.0\",\"id\":{id},{Encoding.UTF8.GetString(message.Bytes(value).Span).TrimStart()[1..]}";
            if (RpcMessage.Read(Encoding.UTF8.GetBytes(text)) is { } question)
            {
                await session.AskAsync(question, link, Stream, (answer, _) => TakeAsync(call, key, answer, stateText));
            }
        }
    }

    private async ValueTask TakeAsync(ServerCall call, string key, RpcMessage answer, string? state)
    {
        if (!answer.Result.Exists)
        {
            // A client that refuses to answer ends the whole: there is no word for it in the later revision.
            await target.EndAsync(call, Answers.Error(call.IdText, -32603, "the client did not answer a question of the server"));
            return;
        }

        lock (_lock)
        {
            _answers.Add($"{Answers.Quote(key)}:{Encoding.UTF8.GetString(answer.Bytes(answer.Result).Span)}");
            if (--_open > 0)
            {
                return;
            }
        }

        await RepeatAsync(state);
    }

    private ValueTask RepeatAsync(string? state)
    {
        var members =
            $"\"inputResponses\":{{{string.Join(',', _answers)}}}" + (state is null ? string.Empty : $",\"requestState\":{state}");
        var edits = new JsonEdits();
        JsonMembers.Prepend(edits, request.Text.Span, request.Params, Encoding.UTF8.GetBytes(members));
        return seat.RepeatAsync(RpcMessage.Read(request.With(edits))!, this);
    }
}
