using System.Buffers;
using System.Globalization;
using System.Text;
using Tunnel.ProxyCore.Streams;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Streams;

public sealed class QueuedWriterTests
{
    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OutputThatTakesNothing_CostsTheNewestItems()
    {
        var output = new GatedStream();
        var writer = Create(output, maxWaiting: 2);
        writer.Write(1);
        await output.Entered;

        for (var item = 2; item <= 6; item++)
        {
            writer.Write(item);
        }

        Assert.Equal(3, writer.Dropped);
        output.Open();
        await writer.DisposeAsync();
        Assert.Equal("1 lost:3 2 3 ", output.Text);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OutputThatFails_CostsItemsUntilItWorksAgain()
    {
        var output = new GatedStream { Fails = true };
        output.Open();
        var writer = Create(output, maxWaiting: 16);
        writer.Write(1);
        await output.Failed;

        output.Fails = false;
        writer.Write(2);
        await writer.DisposeAsync();

        Assert.Equal((1, "lost:1 2 "), (writer.Dropped, output.Text));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OutputThatNeverReturns_DoesNotHoldUpTheEnd()
    {
        var output = new GatedStream();
        var writer = Create(output, maxWaiting: 1);
        writer.Write(1);
        await output.Entered;

        await writer.DisposeAsync();

        Assert.Equal(string.Empty, output.Text);
        output.Open();
    }

    private static QueuedWriter<int> Create(Stream output, int maxWaiting) =>
        new(
            output,
            maxWaiting,
            (lines, item) => Append(lines, $"{item} "),
            (lines, count) => Append(lines, $"lost:{count} "),
            TimeProvider.System
        );

    private static void Append(IBufferWriter<byte> lines, FormattableString text) =>
        lines.Write(Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Takes writes when it is open.</summary>
    private sealed class GatedStream : WriteOnlyStream
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _text = new();

        public bool Fails { get; set; }

        public Task Failed => _failed.Task;

        public Task Entered => _entered.Task;

        public string Text => _text.ToString();

        public void Open() => _gate.TrySetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _entered.TrySetResult();
            await _gate.Task;
            if (Fails)
            {
                _failed.TrySetResult();
                throw new IOException("no space left on device");
            }

            _text.Append(Encoding.ASCII.GetString(buffer.Span));
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
