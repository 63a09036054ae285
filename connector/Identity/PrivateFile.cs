using System.Text;

namespace Tunnel.Connector.Identity;

/// <summary>A file that only its owner reads: mode 0600 in a folder of 0700, and never half-written under its name.</summary>
internal static class PrivateFile
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <exception cref="IdentityException">Others can read it.</exception>
    public static string Read(string path, string hint)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~FolderMode) != UnixFileMode.None)
        {
            throw new IdentityException($"{path} can be read by others", hint);
        }

        return File.ReadAllText(path);
    }

    /// <summary>Writes a file that is not there yet; where somebody else was quicker, theirs stays.</summary>
    public static void Create(string path, string text)
    {
        var draft = WriteDraft(path, text);
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    public static void Replace(string path, string text) => File.Move(WriteDraft(path, text), path, overwrite: true);

    private static string WriteDraft(string path, string text)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, FolderMode);
        }

        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        using var file = new FileStream(draft, options);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
        return draft;
    }
}
