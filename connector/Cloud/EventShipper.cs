using System.Threading.Channels;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.History;

namespace Tunnel.Connector.Cloud;

/// <summary>
/// Sends every event to a team's relay, metadata only:
/// <code>
/// requests ──► queue ──► batch of a second ──► Spill (files) ──► BatchSender ──HTTPS──► relay
/// </code>
/// Requests only put events into the queue. A relay that is slow or away costs room on the disk, and when there is none left events, which are counted
/// and told.
/// </summary>
internal sealed class EventShipper : IEventSink, IToolListSink, IAsyncDisposable
{
    /// <summary>Bounded: a disk that stops must not fill the memory. What comes while so many wait is dropped and counted.</summary>
    public const int MaxWaiting = 16_384;

    /// <summary>Lists of tools that wait; they are larger than events, and the next one says the same.</summary>
    private const int MaxListings = 16;

    /// <summary>How long events gather, unless a batch is full before. A kill loses what gathers.</summary>
    private static readonly TimeSpan s_gathering = TimeSpan.FromSeconds(1);

    /// <summary>How often is looked whether one is.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    /// <summary>How long stopping waits for the relay; what it has not taken by then is sent by the next run.</summary>
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(3);

    private readonly Channel<(Guid Id, McpEvent Event)> _waiting = Channel.CreateBounded<(Guid, McpEvent)>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    private readonly Channel<ToolListAnswer> _listings = Channel.CreateBounded<ToolListAnswer>(
        new BoundedChannelOptions(MaxListings) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }
    );

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly CloudNews _news;
    private readonly Losses _losses = new();
    private readonly ListedTools _listed;
    private readonly BatchBuilder _batch = new();
    private readonly Spill _spill;
    private readonly IngestClient _client;
    private readonly BatchSender _sender;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _late = new();
    private readonly Task _gathering;
    private readonly Task _sending;

    /// <param name="settings">Where to, and as whom.</param>
    /// <param name="say">Gets lines for people.</param>
    /// <param name="random">From 0 to 1, for the pauses between tries.</param>
    /// <param name="time">The clock.</param>
    public EventShipper(CloudSettings settings, Action<string> say, Func<double> random, TimeProvider time)
    {
        _folder = settings.Folder;
        _time = time;
        _listed = new ListedTools(time);
        _news = new CloudNews(say, time);
        _spill = new Spill(settings.Folder, settings.MaxBytes, _losses, _news, time);
        _client = new IngestClient(settings, time);
        _sender = new BatchSender(_spill, _client, _losses, _news, random, time);
        // Files block whoever writes them, so neither is on the thread that starts us.
        _gathering = Task.Run(GatherAsync);
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Events that the relay has taken since the start.</summary>
    public long Sent => _sender.Sent;

    /// <summary>Events that were dropped since the start.</summary>
    public long Dropped => _losses.Total;

    /// <summary>How often a batch had to wait for another try.</summary>
    public long Retries => _sender.Retries;

    /// <summary>Bytes that wait on the disk.</summary>
    public long WaitingBytes => _spill.WaitingBytes;

    public void Write(Guid id, McpEvent mcpEvent)
    {
        if (!_waiting.Writer.TryWrite((id, mcpEvent)))
        {
            _losses.Add(1);
        }
    }

    public void Record(ToolListAnswer answer) => _listings.Writer.TryWrite(answer);

    /// <summary>Writes what is left to the disk, and gives the relay a moment to take it.</summary>
    public async ValueTask DisposeAsync()
    {
        // 1. Nothing comes any more, and what gathers is written.
        _waiting.Writer.TryComplete();
        await _closing.CancelAsync();
        await Task.WhenAny(_gathering, Task.Delay(s_flushLimit, _time, CancellationToken.None));
        // 2. It is sent, as far as that goes without waiting.
        await _stopping.CancelAsync();
        await Task.WhenAny(_sending, Task.Delay(s_flushLimit, _time, CancellationToken.None));
        await _late.CancelAsync();
        if (_gathering.IsCompleted)
        {
            await _sending;
            // What the relay would not take of it.
            WriteLoss();
            _spill.Dispose();
            _batch.Dispose();
        }

        _client.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            ForeignSpills.Review(_folder, _news, _time.GetUtcNow());
            await _sender.RunAsync(_stopping.Token, _late.Token);
        }
        catch (Exception unexpected)
        {
            // What waits is still on the disk, for the next run.
            _news.Say($"nothing is sent any more until mcpr starts again: {unexpected.Message}");
        }
    }

    private async Task GatherAsync()
    {
        do
        {
            await WaitUntilFullAsync();
            WriteWaiting();
        } while (await _waiting.Reader.WaitToReadAsync());

        WriteLoss();
    }

    private void WriteWaiting()
    {
        try
        {
            WriteListings();
            WriteEvents();
        }
        catch (Exception unforeseen)
        {
            // What comes next has nothing to do with it.
            var lost = _batch.Discard();
            _losses.Add(lost);
            _news.Lost(lost.Events, $"they cannot be written: {unforeseen.Message}");
        }
    }

    private async Task WaitUntilFullAsync()
    {
        for (
            var waited = TimeSpan.Zero;
            waited < s_gathering && _waiting.Reader.Count < BatchBuilder.MaxEvents && !_closing.IsCancellationRequested;
            waited += s_look
        )
        {
            // Ends early when we are to stop, which is no failure.
            await Task.Delay(s_look, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void WriteListings()
    {
        while (_listings.Reader.TryRead(out var answer))
        {
            if (ToolListReader.Read(answer) is { } listing && _listed.IsNew(listing) && _batch.TryAdd(NewId(), listing))
            {
                _spill.Append(_batch.Take());
            }
        }
    }

    private void WriteEvents()
    {
        while (!_batch.IsFull && _waiting.Reader.TryRead(out var one))
        {
            if (!_batch.TryAdd(one.Id, one.Event))
            {
                _losses.Add(1);
            }
        }

        if (!_batch.IsEmpty)
        {
            AddLoss();
            _spill.Append(_batch.Take());
        }
    }

    /// <summary>Tells what was lost where no events come any more to tell it with.</summary>
    private void WriteLoss()
    {
        AddLoss();
        if (!_batch.IsEmpty)
        {
            _spill.Append(_batch.Take());
        }
    }

    private void AddLoss()
    {
        if (_losses.Take() is > 0 and var untold)
        {
            _batch.AddLoss(NewId(), _time.GetUtcNow(), untold);
        }
    }

    private Guid NewId() => Guid.CreateVersion7(_time.GetUtcNow());
}
