using System.Runtime.InteropServices;
using Tunnel.ProxyCore.Streams;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.AccessLog;

/// <summary>Where requests are written down: standard output, or a file that SIGHUP makes it open anew.</summary>
internal sealed class AccessLogWriter : IAsyncDisposable
{
    // Bounded: an output that takes nothing must not fill the memory. A few megabytes.
    private const int MaxWaiting = 16 * 1024;

    private readonly Stream _output;
    private readonly QueuedWriter<AccessRecord> _lines;
    private readonly PosixSignalRegistration? _hangup;

    /// <exception cref="AccessLogException">The file cannot be written to.</exception>
    public AccessLogWriter(RelayOptions options, TimeProvider time)
    {
        var format = new AccessLines(options.NodeName);
        _output = Open(options.AccessLogFile);
        _lines =
            options.AccessLog == AccessLogFormat.Json
                ? new(
                    _output,
                    MaxWaiting,
                    format.WriteJson,
                    (lines, count) => AccessLines.WriteDroppedJson(lines, time.GetUtcNow(), count),
                    time
                )
                : new(
                    _output,
                    MaxWaiting,
                    format.WriteText,
                    (lines, count) => AccessLines.WriteDroppedText(lines, time.GetUtcNow(), count),
                    time
                );
        if (_output is AppendedFile file)
        {
            _hangup = PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                signal =>
                {
                    signal.Cancel = true;
                    file.Reopen();
                }
            );
        }
    }

    /// <summary>Requests that the output was too slow for, since the start.</summary>
    public long Dropped => _lines.Dropped;

    public void Write(AccessRecord record) => _lines.Write(record);

    public async ValueTask DisposeAsync()
    {
        _hangup?.Dispose();
        await _lines.DisposeAsync();
        await _output.DisposeAsync();
    }

    private static Stream Open(string? path)
    {
        try
        {
            return path is null ? Console.OpenStandardOutput() : new AppendedFile(path);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new AccessLogException(unusable.Message);
        }
    }
}
