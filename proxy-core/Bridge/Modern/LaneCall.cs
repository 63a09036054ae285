using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// A request of the revision 2026-07-28 that a process of an earlier one works on, over as many rounds as it takes. When the process asks
/// something, the client's request ends with <c>input_required</c>, while the process goes on waiting; the client's next request with the
/// answers goes on where that one ended (SEP-2322).
/// </summary>
internal sealed class LaneCall : ICallTarget
{
    /// <summary>How long to wait for further questions once there is one: programs ask several things at a time.</summary>
    private static readonly TimeSpan s_settleTime = TimeSpan.FromMilliseconds(30);

    // Bounded: more questions in one round would fill no form.
    private const int MaxQuestions = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RpcMessage> _questions = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Action<LaneCall> _over;
    private Envelope _request;
    private ModernTarget? _target;
    private ReadOnlyMemory<byte>? _outcome;
    private bool _isSettling;
    private int _lastQuestion;

    public LaneCall(Lane lane, Envelope request, ModernTarget target, TimeProvider time, Action<LaneCall> over)
    {
        Lane = lane;
        _request = request;
        _target = target;
        _time = time;
        _over = over;
        Method = request.Message.Method!;
        Call = new ServerCall(request.Message, this, this);
        target.Left = Leave;
    }

    public Lane Lane { get; }

    public string Method { get; }

    public ServerCall Call { get; }

    /// <summary>What the client brings back with its answers, another in every round. Nobody can guess it.</summary>
    public string State { get; private set; } = NewState();

    /// <summary>Since when nobody on the client's side waits for it, as a timestamp; null while somebody does.</summary>
    public long? SuspendedAt { get; private set; }

    /// <summary>Takes a question of the process up.</summary>
    public bool TryAsk(RpcMessage question)
    {
        lock (_lock)
        {
            if (_questions.Count >= MaxQuestions || !IsAllowed(question.Method!))
            {
                return false;
            }

            _questions[$"q{++_lastQuestion}"] = question;
            SettleUnsynchronized();
            return true;
        }
    }

    /// <summary>Goes on with the client's next request, which brings answers.</summary>
    public async Task ResumeAsync(Envelope request, ModernTarget target, CancellationToken cancellationToken)
    {
        List<ReadOnlyMemory<byte>> answers = [];
        ReadOnlyMemory<byte>? outcome;
        lock (_lock)
        {
            (_request, _target, SuspendedAt) = (request, target, null);
            target.Left = Leave;
            var message = request.Message;
            foreach (var (key, value) in JsonObjects.Members(message.Text.Span, message.Find(message.Params, "inputResponses"u8)))
            {
                if (_questions.Remove(key, out var question))
                {
                    answers.Add(Response(question.IdText, message.Bytes(value)));
                }
            }

            outcome = _outcome;
            if (outcome is null && _questions.Count > 0)
            {
                SettleUnsynchronized();
            }
        }

        Call.LastSign = _time.GetTimestamp();
        foreach (var answer in answers)
        {
            await Lane.Link.SendAsync(answer, cancellationToken);
        }

        if (outcome is { } response)
        {
            await FinishAsync(target, response);
        }
    }

    /// <summary>A notification of the process that can only be about this request.</summary>
    public ValueTask NotifyAsync(RpcMessage message)
    {
        ModernTarget? target;
        bool isWanted;
        lock (_lock)
        {
            target = _target;
            isWanted = message.Method != "notifications/message" || _request.LogLevel is not null;
        }

        return target is not null && isWanted ? target.NotifyAsync(message.Text) : ValueTask.CompletedTask;
    }

    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message)
    {
        ModernTarget? target;
        Envelope request;
        lock (_lock)
        {
            (target, request) = (_target, _request);
        }

        if (target is null || RpcMessage.Read(message) is not { } progress)
        {
            return ValueTask.CompletedTask;
        }

        // Each round may have a progress token of its own.
        var wanted = request.Message.Find(request.Message.Find(request.Message.Params, "_meta"u8), "progressToken"u8);
        var given = progress.Find(progress.Params, "progressToken"u8);
        return wanted.Exists ? target.NotifyAsync(progress.With(given, request.Message.Bytes(wanted))) : ValueTask.CompletedTask;
    }

    public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response) => EndAsync(response);

    public ValueTask FailAsync(ServerCall call, ProxyError error) => EndAsync(Answers.Failure(call.IdText, error));

    /// <summary>Nobody will come for it any more.</summary>
    public void Leave()
    {
        _ = Lane.Link.CancelAsync(Call, CancellationToken.None).AsTask();
        _over(this);
    }

    private ValueTask EndAsync(ReadOnlyMemory<byte> response)
    {
        ModernTarget? target;
        lock (_lock)
        {
            _outcome = response;
            _questions.Clear();
            target = _target;
        }

        return target is null ? ValueTask.CompletedTask : FinishAsync(target, response);
    }

    private async ValueTask FinishAsync(ModernTarget target, ReadOnlyMemory<byte> response)
    {
        _over(this);
        await target.EndAsync(LegacyAnswers.Translate(response, _request.Message, Lane.Greeting));
    }

    private bool IsAllowed(string method) =>
        method switch
        {
            "sampling/createMessage" => _request.Has("sampling"u8),
            "elicitation/create" => _request.Has("elicitation"u8),
            "roots/list" => _request.Has("roots"u8),
            _ => false,
        };

    private void SettleUnsynchronized()
    {
        if (!_isSettling && _target is not null)
        {
            _isSettling = true;
            _ = SuspendAsync();
        }
    }

    private async Task SuspendAsync()
    {
        await Task.Delay(s_settleTime, _time);
        ModernTarget? target;
        ReadOnlyMemory<byte> answer;
        lock (_lock)
        {
            _isSettling = false;
            if (_questions.Count == 0 || _target is null)
            {
                return;
            }

            target = _target;
            State = NewState();
            answer = InputRequired();
            (_target, SuspendedAt) = (null, _time.GetTimestamp());
        }

        target.Left = null;
        await target.EndAsync(answer);
    }

    private ReadOnlyMemory<byte> InputRequired()
    {
        var requests = _questions.Select(pair => $"\"{pair.Key}\":{{\"method\":\"{pair.Value.Method}\"{ParamsOf(pair.Value)}}}");
        var id = Encoding.UTF8.GetString(_request.Message.IdText.Span);
        var text =
            $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{{\"resultType\":\"input_required\",\"inputRequests\":{{{string.Join(',', requests)}}},\"requestState\":\"{State}\"}}}}";
        return LegacyAnswers.Sign(Encoding.UTF8.GetBytes(text), Lane.Greeting);
    }

    private static string NewState() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The parameters of a question, without the token for progress of which nobody will tell.</summary>
    private static string ParamsOf(RpcMessage question)
    {
        if (!question.Params.Exists)
        {
            return string.Empty;
        }

        var edits = new JsonEdits();
        var meta = question.Find(question.Params, "_meta"u8);
        var isOnlyToken = JsonObjects.Members(question.Text.Span, meta) is [("progressToken", _)];
        JsonMembers.Remove(
            edits,
            question.Text.Span,
            isOnlyToken ? question.Params : meta,
            name => name == (isOnlyToken ? "_meta" : "progressToken")
        );
        var asked = RpcMessage.Read(question.With(edits))!;
        return ",\"params\":" + Encoding.UTF8.GetString(asked.Bytes(asked.Params).Span);
    }

    private static ReadOnlyMemory<byte> Response(ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> result) =>
        (byte[])[.. "{\"jsonrpc\":\"2.0\",\"id\":"u8, .. id.Span, .. ",\"result\":"u8, .. result.Span, (byte)'}'];
}
