using System.Security.Cryptography;
using System.Text;

namespace Tunnel.ProxyCore.Clients;

/// <summary>Tells people apart without saying who they are: the same person always has the same key.</summary>
internal static class PersonKey
{
    /// <summary>Enough that two of a server's users do not meet by chance, and short enough to read.</summary>
    private const int Bytes = 8;

    /// <param name="subject">The host's own opaque key of the person.</param>
    /// <returns>The first bytes of its SHA-256, in hexadecimal.</returns>
    public static string Of(string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, Bytes));
}
