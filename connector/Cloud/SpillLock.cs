using Tunnel.ProxyCore.Files;

namespace Tunnel.Connector.Cloud;

/// <summary>
/// Says whose the segments of one run are: <c>019….lock</c> beside <c>019…-000001.spill</c>. The system lets go of it when the run ends, however that
/// happens, and then another run takes it and sends what is left.
/// </summary>
internal sealed class SpillLock : IDisposable
{
    private const string LockExtension = ".lock";
    private const string SegmentExtension = ".spill";

    /// <summary>What is not held yet, and nobody looks for.</summary>
    private const string DraftExtension = ".draft";

    private readonly FileStream _file;
    private readonly string _path;
    private readonly string _folder;
    private readonly string _run;
    private int _segments;

    private SpillLock(FileStream file, string path)
    {
        _file = file;
        _path = path;
        _folder = Path.GetDirectoryName(path)!;
        _run = Path.GetFileNameWithoutExtension(path);
    }

    /// <summary>A lock of a new run.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not.</exception>
    public static SpillLock Create(string folder, DateTimeOffset now)
    {
        PrivateFile.CreateFolder(folder);
        // In order of their names, runs are in order of their beginnings.
        var path = Path.Combine(folder, Guid.CreateVersion7(now).ToString("N") + LockExtension);
        if (OperatingSystem.IsWindows())
        {
            return new SpillLock(PrivateFile.Make(path, FileShare.None), path);
        }

        // Elsewhere a file is made first and held then. Whoever looks for runs that have ended must not be quicker, so it gets its name when it is held.
        var draft = Path.ChangeExtension(path, DraftExtension);
        var file = PrivateFile.Make(draft, FileShare.None);
        try
        {
            File.Move(draft, path);
            return new SpillLock(file, path);
        }
        catch (IOException)
        {
            File.Delete(draft);
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes the locks of runs that have ended, the oldest first, one at a time.</summary>
    public static IEnumerable<SpillLock> TakeLeft(string folder)
    {
        string[] all = Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + LockExtension) : [];
        foreach (var path in all.Order(StringComparer.Ordinal))
        {
            if (TryTake(path) is { } left)
            {
                yield return left;
            }
        }
    }

    /// <summary>The segments that there are, the oldest first.</summary>
    public IReadOnlyList<string> FindSegments() =>
        [.. Directory.EnumerateFiles(_folder, $"{_run}-*{SegmentExtension}").Order(StringComparer.Ordinal)];

    /// <summary>Where another segment belongs.</summary>
    public string NextSegment() => Path.Combine(_folder, $"{_run}-{++_segments:D6}{SegmentExtension}");

    /// <summary>Ends it for good: there is nothing left to send.</summary>
    public void Delete()
    {
        if (OperatingSystem.IsWindows())
        {
            // What is open cannot be deleted there.
            Dispose();
        }

        // Elsewhere while it is held: whoever gets it afterwards would hold a file that has no name any more.
        File.Delete(_path);
        Dispose();
    }

    /// <summary>Leaves it to another run.</summary>
    public void Dispose() => _file.Dispose();

    private static SpillLock? TryTake(string path)
    {
        try
        {
            return new SpillLock(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None), path);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // Its run is still there, or somebody else was quicker.
            return null;
        }
    }
}
