using Tunnel.ProxyCore.Files;

namespace Tunnel.Connector.Identity;

/// <summary>Reads secrets of this user, as long as nobody else can.</summary>
internal static class SecretFile
{
    /// <exception cref="IdentityException">Others can read it.</exception>
    public static string Read(string path, string hint) =>
        PrivateFile.IsOpenToOthers(path) ? throw new IdentityException($"{path} can be read by others", hint) : File.ReadAllText(path);
}
