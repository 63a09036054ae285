namespace Tunnel.ProxyCore.Files;

/// <summary>Tells whether a file is still the same without reading it. Links are followed: replacing their target is how many tools replace a file.</summary>
public readonly record struct FileStamp(DateTime WrittenAt, long Length)
{
    /// <returns>The stamp of the file, or of nothing when it is not there.</returns>
    public static FileStamp Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return target.Exists ? new FileStamp(target.LastWriteTimeUtc, target.Length) : default;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
