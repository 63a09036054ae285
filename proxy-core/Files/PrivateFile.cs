using System.Text;

namespace Tunnel.ProxyCore.Files;

/// <summary>A file that only its owner reads: mode 0600 in a folder of 0700, and never half-written under its name.</summary>
public static class PrivateFile
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Whether somebody else than its owner may read it. Never so on Windows, where folders of users are theirs.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~FolderMode) != UnixFileMode.None;

    /// <summary>Writes a file that is not there yet; where somebody else was quicker, theirs stays.</summary>
    public static void Create(string path, string text)
    {
        var draft = WriteDraft(path, text);
        try
        {
            if (!HardLink.IsAddedOrTaken(draft, path))
            {
                File.Move(draft, path, overwrite: false);
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Theirs stays.
        }

        File.Delete(draft);
    }

    /// <summary>Writes a file whether it is there or not; whoever reads it sees the old text or the new one.</summary>
    public static void Replace(string path, string text) => File.Move(WriteDraft(path, text), path, overwrite: true);

    /// <summary>Makes a folder that only its owner enters, if there is none.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, FolderMode);
        }
    }

    /// <summary>Takes away everybody else's rights to a file that another program has written.</summary>
    public static void Close(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, FileMode);
        }
    }

    /// <summary>Makes a file to write and to read; every write goes to the system at once.</summary>
    /// <exception cref="IOException">There is one already, or the disk does not take it.</exception>
    public static FileStream Make(string path, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions
        {
            Mode = System.IO.FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        return new FileStream(path, options);
    }

    private static string WriteDraft(string path, string text)
    {
        var folder = Path.GetDirectoryName(path)!;
        CreateFolder(folder);
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        using var file = Make(draft);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
        return draft;
    }
}
