using System.Collections.Concurrent;
using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>
/// A client of the revisions that begin with <c>initialize</c>: its streams, its seat at a server, and the questions of the server that it has
/// not answered yet.
/// </summary>
internal sealed class ClientSession : IAsyncDisposable
{
    // Bounded: no server asks that much at once. What it asks beyond is answered for the client, with an error.
    private const int MaxQuestions = 1000;

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Question> _questions = new(StringComparer.Ordinal);
    private long _lastUse;
    private int _isDisposed;

    public ClientSession(string id, int maxKeptEvents, BridgeMetrics metrics, TimeProvider time)
    {
        Id = id;
        _time = time;
        _lastUse = time.GetTimestamp();
        Streams = new ResumableStreams(maxKeptEvents, metrics, time);
    }

    public string Id { get; }

    /// <summary>The revision that was agreed on; null before that.</summary>
    public string? ProtocolVersion { get; private set; }

    public ResumableStreams Streams { get; }

    public required IServerSeat Seat { get; set; }

    /// <summary>What the client said that it can do, as JSON; empty before <c>initialize</c>.</summary>
    public ReadOnlyMemory<byte> Capabilities { get; private set; }

    /// <summary>Whether the server waits for an answer of the client, which may be a person who thinks.</summary>
    public bool IsAsked => !_questions.IsEmpty;

    /// <summary>How long nobody has used it; zero while somebody listens or waits.</summary>
    public TimeSpan IdleTime
    {
        get
        {
            if (Streams.HasReaders || (Seat.Link?.Newest(this) is not null))
            {
                Use();
            }

            return _time.GetElapsedTime(Volatile.Read(ref _lastUse));
        }
    }

    /// <summary>Begins with the client's <c>initialize</c>.</summary>
    /// <exception cref="CallFailedException">There is no server.</exception>
    public async Task<RpcMessage> InitializeAsync(RpcMessage initialize, CancellationToken cancellationToken)
    {
        Capabilities = initialize.Bytes(initialize.Find(initialize.Params, "capabilities"u8));
        var response = await Seat.InitializeAsync(initialize, cancellationToken);
        ProtocolVersion = response.String(response.Find(response.Result, "protocolVersion"u8));
        return response;
    }

    /// <summary>Whether the client can do something, such as <c>sampling</c>.</summary>
    public bool Can(ReadOnlySpan<byte> capability) =>
        JsonObjects.Find(Capabilities.Span, new JsonSpan(0, Capabilities.Length), capability).Exists;

    public void Use() => Volatile.Write(ref _lastUse, _time.GetTimestamp());

    /// <summary>Hands messages of the client over. What comes of them goes to the target.</summary>
    public async Task SendAsync(IEnumerable<RpcMessage> messages, ICallTarget target, CancellationToken cancellationToken)
    {
        Use();
        foreach (var message in messages)
        {
            await SendAsync(message, target, cancellationToken);
        }
    }

    /// <summary>A message of the server that belongs to this client but to none of its requests for sure.</summary>
    public async ValueTask ReceiveAsync(ServerLink link, RpcMessage message)
    {
        if (message.IsRequest && !TryExpect(KeyOf(message), link, (answer, cancelled) => SendOnAsync(link, answer, cancelled)))
        {
            await link.SendAsync(Answers.Error(message.IdText, -32000, "too many questions are open"), CancellationToken.None);
            return;
        }

        await StreamFor(link, message).SendAsync(message.Text);
    }

    /// <summary>Asks the client something on our own account.</summary>
    /// <param name="question">The request, with an id that no server uses.</param>
    /// <param name="link">Whose questions it is among: it is forgotten with them.</param>
    /// <param name="stream">Where the client looks for it; its own stream where there is none.</param>
    /// <param name="answer">Gets the response.</param>
    public ValueTask AskAsync(
        RpcMessage question,
        ServerLink link,
        EventStream? stream,
        Func<RpcMessage, CancellationToken, ValueTask> answer
    ) =>
        TryExpect(KeyOf(question), link, answer)
            ? (stream is { HasEnded: false } ? stream : Streams.Own).SendAsync(question.Text)
            : ValueTask.CompletedTask;

    /// <summary>Whether the server waits for an answer to this question of its.</summary>
    public bool IsAskedBy(ServerLink link, string idText) => _questions.TryGetValue(idText, out var question) && question.Link == link;

    /// <summary>The server is gone, and with it its questions.</summary>
    public void Forget(ServerLink link)
    {
        foreach (var (id, asking) in _questions)
        {
            if (asking.Link == link)
            {
                _questions.TryRemove(id, out _);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Streams.EndAll();
            await Seat.DisposeAsync();
        }
    }

    private async ValueTask SendAsync(RpcMessage message, ICallTarget target, CancellationToken cancellationToken)
    {
        if (message.IsResponse)
        {
            // An answer to a question that nobody asks, or asks any more, is no business of the server's.
            if (_questions.TryRemove(KeyOf(message), out var question))
            {
                await question.AnswerAsync(message, cancellationToken);
            }
        }
        else if (message.IsRequest)
        {
            await CallAsync(message, target, cancellationToken);
        }
        else if (message.Method == "notifications/cancelled")
        {
            await CancelAsync(message, cancellationToken);
        }
        else if (Seat.Wants(message) && Seat.Link is { } link)
        {
            await link.SendAsync(message.Text, cancellationToken);
        }
    }

    private async ValueTask CallAsync(RpcMessage message, ICallTarget target, CancellationToken cancellationToken)
    {
        var call = new ServerCall(message, this, Seat.Watch(message, target));
        try
        {
            if (await Seat.AnswerAsync(message, cancellationToken) is { } answer)
            {
                await call.EndAsync(answer);
                return;
            }

            var prepared = Seat.Prepare(message);
            call.MoveTo(prepared);
            var link = await Seat.GetAsync(cancellationToken);
            await link.CallAsync(call, prepared, cancellationToken);
        }
        catch (CallFailedException failed)
        {
            await call.FailAsync(failed.Error);
        }
    }

    private async ValueTask CancelAsync(RpcMessage notification, CancellationToken cancellationToken)
    {
        var requestId = notification.Find(notification.Params, "requestId"u8);
        if (requestId.Exists && Seat.Link is { } link && link.Find(this, notification.Bytes(requestId).Span) is { } call)
        {
            var number = Encoding.ASCII.GetBytes(call.Number.ToString());
            await link.SendAsync(notification.With(requestId, number), cancellationToken);
        }
    }

    private bool TryExpect(string id, ServerLink link, Func<RpcMessage, CancellationToken, ValueTask> answer) =>
        _questions.Count < MaxQuestions && (_questions[id] = new Question(link, answer)) is not null;

    private static async ValueTask SendOnAsync(ServerLink link, RpcMessage answer, CancellationToken cancellationToken) =>
        await link.SendAsync(answer.Text, cancellationToken);

    private static string KeyOf(RpcMessage message) => Encoding.UTF8.GetString(message.IdText.Span);

    /// <summary>
    /// Servers on standard output do not say which request a message is about. What can only be about the server as a whole goes to the
    /// client's own stream; for the rest the newest request is the best guess, and clients take it on any stream.
    /// </summary>
    private EventStream StreamFor(ServerLink link, RpcMessage message) =>
        IsUnrelated(message.Method!) || link.Newest(this)?.Target.Stream is not { HasEnded: false } related ? Streams.Own : related;

    /// <param name="Link">Who asks.</param>
    /// <param name="AnswerAsync">Gets the response.</param>
    private sealed record Question(ServerLink Link, Func<RpcMessage, CancellationToken, ValueTask> AnswerAsync);

    private static bool IsUnrelated(string method) =>
        method.EndsWith("/list_changed", StringComparison.Ordinal) || method == "notifications/resources/updated";
}
