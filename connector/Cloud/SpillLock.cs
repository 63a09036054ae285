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

    private readonly FileStream _file;
    private readonly string _folder;
    private readonly string _run;
    private int _segments;

    private SpillLock(FileStream file, string path)
    {
        _file = file;
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
        var made = new SpillLock(PrivateFile.Make(path, FileShare.None), path);
        if (File.Exists(path))
        {
            return made;
        }

        // Somebody who looks for runs that have ended has held it before us, for a moment, and taken it away.
        made.Dispose();
        throw new IOException($"{path} was taken away");
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
        Dispose();
        // In between another run may have it, and finds nothing to send either.
        File.Delete(_file.Name);
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
