using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>
/// The path of a request as names of folders and files. Every name is decoded once (RFC 3986 section 2.4) and means nothing but itself on any
/// system: <c>/a%20b/c.js</c> is fine, <c>/../x</c>, <c>/.env</c>, <c>/a%2Fb</c>, <c>/c:x</c> and <c>/nul</c> name nothing.
/// </summary>
internal static class FolderPath
{
    // Separators and drives of some system, and what Windows does not take in a name at all. Control characters are checked apart.
    private static readonly SearchValues<char> s_special = SearchValues.Create("/\\:*?\"<>|");

    // Devices, with any extension (Windows, "Naming Files, Paths, and Namespaces"). COM¹ to COM³ are devices too.
    private static readonly string[] s_devices = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="path">The path as it was written, from its first slash on.</param>
    /// <returns>The names, the last of them empty where the path ends with a slash; or null where it names nothing.</returns>
    public static ImmutableArray<string>? Parse(string path)
    {
        var written = path[1..].Split('/');
        var names = ImmutableArray.CreateBuilder<string>(written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            if (Decode(written[i]) is not { } name || !(IsName(name) || (name.Length == 0 && i == written.Length - 1)))
            {
                return null;
            }

            names.Add(name);
        }

        return names.MoveToImmutable();
    }

    /// <summary>Whether a name can be served: it is not hidden, and leads nowhere but to the entry of that name.</summary>
    public static bool IsName(string name) =>
        name.Length > 0
        && name[0] != '.'
        // Windows drops these, so that another name would be the same file.
        && name[^1] is not ('.' or ' ')
        && !name.AsSpan().ContainsAny(s_special)
        && !name.Any(char.IsControl)
        // A short name of Windows (GIT~1) is a second name for something that may be hidden.
        && !(OperatingSystem.IsWindows() && name.Contains('~', StringComparison.Ordinal))
        && !IsDevice(name);

    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ');
        return s_devices.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || (
                stem.Length == 4
                && (
                    stem.StartsWith("com", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("lpt", StringComparison.OrdinalIgnoreCase)
                )
                && (char.IsAsciiDigit(stem[3]) || stem[3] is '¹' or '²' or '³')
            );
    }

    /// <returns>The text, or null where it is not UTF-8 or a percent sign does not begin an escape.</returns>
    private static string? Decode(string written)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(written.Length)];
        var length = 0;
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] > byte.MaxValue)
            {
                return null;
            }

            if (written[i] != '%')
            {
                // Kestrel hands a raw target on as Latin-1: a character is a byte.
                bytes[length++] = (byte)written[i];
            }
            else if (i + 2 < written.Length && char.IsAsciiHexDigit(written[i + 1]) && char.IsAsciiHexDigit(written[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(written.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return s_strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
