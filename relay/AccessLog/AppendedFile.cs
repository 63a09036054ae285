using Tunnel.ProxyCore.Streams;

namespace Tunnel.Relay.AccessLog;

/// <summary>
/// A file that grows, and that others rotate: one that was moved away is left when <see cref="Reopen"/> says so, and one that was emptied is
/// written from its beginning. For one writer.
/// </summary>
internal sealed class AppendedFile : WriteOnlyStream
{
    private readonly string _path;
    private FileStream? _file;
    private volatile bool _reopens;

    /// <exception cref="IOException">It cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">This user must not write to it.</exception>
    public AppendedFile(string path)
    {
        _path = path;
        _file = Open();
    }

    /// <summary>The next write goes to the file that has the path then, or makes one.</summary>
    public void Reopen() => _reopens = true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_reopens || _file is null)
        {
            _reopens = false;
            _file?.Dispose();
            _file = null;
            _file = Open();
        }

        // The end of now, not the end that there was after the last write: copytruncate of logrotate empties the file under our hands.
        // A pipe or a terminal, such as /dev/stdout, has no end to go to.
        if (_file.CanSeek)
        {
            _file.Seek(0, SeekOrigin.End);
        }

        await _file.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }

    private FileStream Open() =>
        new(
            _path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                // Whoever writes hands over many lines at once.
                BufferSize = 0,
            }
        );
}
