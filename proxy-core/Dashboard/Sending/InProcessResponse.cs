using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Dashboard.Sending;

/// <summary>A response that nobody gets over a connection: its headers, and the beginning of its body.</summary>
/// <param name="limit">Bytes of the body that are kept.</param>
/// <param name="onFull">Called when there is more.</param>
internal sealed class InProcessResponse(int limit, Action onFull) : WriteOnlyStream, IHttpResponseFeature, IHttpResponseBodyFeature
{
    private readonly MemoryStream _kept = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _onStarting = [];
    private PipeWriter? _writer;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public bool HasStarted { get; private set; }

    /// <summary>How long the body was so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>What was kept of it.</summary>
    public ReadOnlyMemory<byte> Kept => _kept.ToArray();

    Stream IHttpResponseFeature.Body
    {
        get => this;
        set => throw new NotSupportedException("the body is replaced as a feature");
    }

    Stream IHttpResponseBodyFeature.Stream => this;

    PipeWriter IHttpResponseBodyFeature.Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    public void OnStarting(Func<object, Task> callback, object state) => _onStarting.Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state)
    {
        // Only servers have a moment for that, and nothing of ours waits for it.
    }

    public void DisableBuffering()
    {
        // There is nobody to be late for.
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (HasStarted)
        {
            return;
        }

        while (_onStarting.TryPop(out var next))
        {
            await next.Callback(next.State);
        }

        HasStarted = true;
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await StartAsync();
        if (_writer is not null)
        {
            await _writer.FlushAsync();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken);
        Bytes += buffer.Length;
        _kept.Write(buffer.Span[..(int)Math.Min(buffer.Length, limit - _kept.Length)]);
        if (Bytes > limit)
        {
            onFull();
        }
    }
}
